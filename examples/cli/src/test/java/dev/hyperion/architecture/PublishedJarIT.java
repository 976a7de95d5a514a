// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jars as they would be published. */
class PublishedJarIT {
    static Stream<House> published() {
        return House.PUBLISHED.stream().filter(House::hasCode);
    }

    @ParameterizedTest
    @MethodSource("published")
    void theJarIsAModuleOfTheNameThatOthersRequire(House house) throws IOException {
        assertThat(ModuleFinder.of(jarOf(house)).findAll())
                .map(module -> module.descriptor())
                .map(ModuleDescriptor::name)
                .containsExactly(house.moduleName());
    }

    @ParameterizedTest
    @MethodSource("published")
    void theJarCarriesItsVersionAndItsLicence(House house) throws IOException {
        try (JarFile jar = new JarFile(jarOf(house).toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION))
                    .isNotBlank();
            assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
        }
    }

    @Test
    void theLocalPluginShipsTheRouterAsOneJarThatStartsByItself() throws IOException {
        Path router = House.LOCAL.classes().resolve("dev/hyperion/deploy/local/router/hyperion-router.jar");

        try (JarFile jar = new JarFile(router.toFile())) {
            String main = jar.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            assertThat(main).isEqualTo("dev.hyperion.router.RouterMain");
            assertThat(jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH))
                    .isNull();
            assertThat(jar.getEntry("org/eclipse/jetty/server/Server.class")).isNotNull();
            assertThat(jar.stream()).noneMatch(entry -> entry.getName().matches("META-INF/.*\\.(SF|RSA|DSA)"));
        }
    }

    private static Path jarOf(House house) throws IOException {
        try (Stream<Path> files = Files.list(house.classes().getParent())) {
            List<Path> jars = files.filter(
                            file -> file.getFileName().toString().matches("hyperion-.*(?<!-sources|-javadoc)\\.jar"))
                    .toList();
            assertThat(jars).hasSize(1);
            return jars.get(0);
        }
    }
}
