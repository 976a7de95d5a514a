// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One module of ours: where it is built, what it may use, and what it offers to the others. */
enum House {
    API(
            "hyperion-api",
            "dev.hyperion.api",
            List.of(
                    "dev.hyperion",
                    "dev.hyperion.autoscale",
                    "dev.hyperion.deploy",
                    "dev.hyperion.monitoring",
                    "dev.hyperion.plugin",
                    "dev.hyperion.spi")),
    TCK("hyperion-api/tck", "dev.hyperion.tck", List.of("dev.hyperion.tck"), API),
    CORE("hyperion-core", "dev.hyperion.core", List.of("dev.hyperion.core"), API),
    LOGBACK("hyperion-core/logback", "dev.hyperion.logback", List.of("dev.hyperion.logback"), API),
    AUTOSCALE("hyperion-autoscale", "dev.hyperion.autoscale", List.of("dev.hyperion.autoscale.policy"), API),
    DEPLOY("hyperion-deploy", "dev.hyperion.deploy", List.of("dev.hyperion.deploy.judge"), API),
    LOCAL("hyperion-deploy/local", "dev.hyperion.deploy.local", List.of(), API),
    ROUTER("hyperion-deploy/local/router", "", List.of()),
    SERVICE("examples/embedded-service", "", List.of(), API, CORE),
    CLI("examples/cli", "", List.of(), API, CORE, AUTOSCALE, DEPLOY, LOCAL),
    BENCHMARKS("hyperion-benchmarks", "", List.of(), API, CORE, AUTOSCALE, DEPLOY, LOCAL);

    /** What applications embed; the rest are programs. */
    static final Set<House> LIBRARIES = EnumSet.of(API, CORE, LOGBACK, AUTOSCALE, DEPLOY, LOCAL);

    /** What is published for others to compile against. */
    static final Set<House> PUBLISHED = EnumSet.of(API, TCK, CORE, LOGBACK, AUTOSCALE, DEPLOY, LOCAL);

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private final String folder;
    private final String moduleName;
    private final List<String> offered;
    private final List<House> mayUse;

    House(String folder, String moduleName, List<String> offered, House... mayUse) {
        this.folder = folder;
        this.moduleName = moduleName;
        this.offered = offered;
        this.mayUse = List.of(mayUse);
    }

    /** The production classes of every module. */
    static JavaClasses everyClass() {
        return in(EnumSet.allOf(House.class));
    }

    /** The production classes of some modules. */
    static JavaClasses in(Set<House> houses) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_PACKAGE_INFOS)
                .importPaths(houses.stream()
                        .map(House::classes)
                        .filter(Files::isDirectory)
                        .toList());
    }

    /** The module that a class was compiled in; empty for classes that are not ours. */
    static Optional<House> of(JavaClass type) {
        return type.getSource()
                .filter(source -> "file".equals(source.getUri().getScheme()))
                .flatMap(source -> {
                    Path file = Path.of(source.getUri());
                    return Arrays.stream(values())
                            .filter(house -> file.startsWith(house.classes()))
                            .findFirst();
                });
    }

    String moduleName() {
        return moduleName;
    }

    /** The packages that other modules may touch. */
    List<String> offered() {
        return offered;
    }

    boolean mayUse(House other) {
        return other == this || mayUse.contains(other);
    }

    /** A scrape, a query or an evaluation is measured by itself: without HTTP, and without waiting for its turn. */
    boolean mayMeasureInside(House other) {
        return this == BENCHMARKS && other == CORE;
    }

    Path classes() {
        return ROOT.resolve(folder).resolve("target/classes");
    }

    /** The jars on the runtime class path of this module, written by the build. */
    Path runtimeClassPath() {
        return ROOT.resolve(folder).resolve("target/runtime-class-path.txt");
    }

    /** The sources of production code and of tests. */
    List<Path> javaFiles() throws IOException {
        Path sources = ROOT.resolve(folder).resolve("src");
        if (!Files.isDirectory(sources)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** Whether the module has classes in this very package. */
    boolean hasPackage(String name) {
        return hasClasses(classes().resolve(name.replace('.', '/')), 1);
    }

    /** Whether the build made classes of this module, package descriptions aside. */
    boolean hasCode() {
        return hasClasses(classes(), Integer.MAX_VALUE);
    }

    private static boolean hasClasses(Path folder, int depth) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.endsWith(".class") && !name.endsWith("-info.class"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
