// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the descriptor of each published module says, read from the compiled class. */
class ModuleDescriptorTest {
    /** No descriptor while something that the module needs has no stable module name: HdrHistogram, and the kit's JUnit. */
    private static final Set<House> AUTOMATIC = Set.of(House.CORE, House.TCK);

    /** Packages shared between our own modules and closed to everyone else. */
    private static final Set<String> FOR_OUR_ENGINES = Set.of("dev.hyperion.plugin");

    static Stream<House> published() {
        return House.PUBLISHED.stream();
    }

    static Stream<House> withDescriptor() {
        return published().filter(house -> !AUTOMATIC.contains(house));
    }

    @ParameterizedTest
    @MethodSource("withDescriptor")
    void theModuleHasTheNameThatOthersRequire(House house) throws IOException {
        assertThat(descriptorOf(house).name()).isEqualTo(house.moduleName());
    }

    @ParameterizedTest
    @MethodSource("withDescriptor")
    void theModuleExportsExactlyWhatItOffers(House house) throws IOException {
        Set<String> exported = descriptorOf(house).exports().stream()
                .map(Exports::source)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(exported)
                .containsExactlyInAnyOrderElementsOf(
                        house.offered().stream().filter(house::hasPackage).toList());
    }

    @ParameterizedTest
    @MethodSource("withDescriptor")
    void onlyThePackagesForOurEnginesAreClosedToOthers(House house) throws IOException {
        assertThat(descriptorOf(house).exports()).allSatisfy(exports -> {
            assertThat(exports.isQualified())
                    .as("%s is exported to named modules only", exports.source())
                    .isEqualTo(FOR_OUR_ENGINES.contains(exports.source()));
            assertThat(exports.targets()).allMatch(target -> target.startsWith("dev.hyperion."));
        });
    }

    @ParameterizedTest
    @MethodSource("withDescriptor")
    void noPackageIsOpenToReflection(House house) throws IOException {
        assertThat(descriptorOf(house).isOpen()).isFalse();
        assertThat(descriptorOf(house).opens()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("withDescriptor")
    void theSameProvidersAreFoundOnModulePathAndClassPath(House house) throws IOException {
        Map<String, Set<String>> onModulePath = new TreeMap<>();
        descriptorOf(house)
                .provides()
                .forEach(provides -> onModulePath.put(provides.service(), new TreeSet<>(provides.providers())));

        assertThat(servicesOf(house)).isEqualTo(onModulePath);
    }

    @ParameterizedTest
    @MethodSource("published")
    void everyNamedProviderIsAClassOfTheModule(House house) throws IOException {
        assertThat(servicesOf(house).values())
                .allSatisfy(providers -> assertThat(providers)
                        .allSatisfy(name -> assertThat(house.classes().resolve(name.replace('.', '/') + ".class"))
                                .exists()));
    }

    private static ModuleDescriptor descriptorOf(House house) throws IOException {
        assumeTrue(house.hasCode(), () -> house + " has no code yet");
        try (InputStream in = Files.newInputStream(house.classes().resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static Map<String, Set<String>> servicesOf(House house) throws IOException {
        Map<String, Set<String>> services = new TreeMap<>();
        Path folder = house.classes().resolve("META-INF/services");
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    services.put(file.getFileName().toString(), providersIn(file));
                }
            }
        }
        return services;
    }

    private static Set<String> providersIn(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.replaceAll("#.*", "").trim())
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
