// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which module may reach which other, and how far into it. */
class ModuleBoundariesTest {
    private static final JavaClasses EVERY_CLASS = House.everyClass();

    @Test
    void theRulesSeeTheClassesOfEveryModuleThatHasSources() throws IOException {
        for (House house : House.values()) {
            if (hasSources(house)) {
                assertThat(EVERY_CLASS.stream()
                                .filter(type ->
                                        House.of(type).filter(house::equals).isPresent()))
                        .as("classes of %s found in %s", house, house.classes())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void everyModuleReachesOnlyTheModulesItMay() {
        classes().should(reachOnlyTheModulesTheyMay()).check(EVERY_CLASS);
    }

    @Test
    void nobodyReachesIntoTheInternalsOfAnotherModule() {
        classes().should(touchOnlyWhatOtherModulesOffer()).check(EVERY_CLASS);
    }

    @Test
    void noPackageIsInTwoModules() {
        Map<String, Set<House>> houses = new HashMap<>();
        EVERY_CLASS.forEach(type -> House.of(type)
                .ifPresent(house -> houses.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>())
                        .add(house)));

        assertThat(houses).allSatisfy((name, in) -> assertThat(in).as(name).hasSize(1));
    }

    @ParameterizedTest
    @EnumSource(House.class)
    void noPackagesOfAModuleNeedEachOtherInACircle(House house) {
        slices().assignedFrom(packagesOf(house))
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(!house.hasCode())
                .check(EVERY_CLASS);
    }

    @Test
    void whatAnApplicationEmbedsBringsTheseJarsAndNoOthers() throws IOException {
        assertThat(jarsOf(House.CORE))
                .containsExactlyInAnyOrder(
                        "hyperion-api",
                        "micrometer-core",
                        "micrometer-commons",
                        "micrometer-observation",
                        "HdrHistogram",
                        "slf4j-api",
                        "jspecify",
                        "snakeyaml",
                        "jackson-core");
    }

    @Test
    void theLocalPluginBringsNeitherTheRouterNorItsServerOntoTheClassPath() throws IOException {
        assertThat(jarsOf(House.LOCAL))
                .containsExactlyInAnyOrder(
                        "hyperion-api",
                        "micrometer-core",
                        "micrometer-commons",
                        "micrometer-observation",
                        "HdrHistogram",
                        "slf4j-api",
                        "jspecify",
                        "jackson-core",
                        "commons-compress",
                        "commons-io",
                        "commons-lang3",
                        "commons-codec");
    }

    /** Which Logback it is, is the application's choice. */
    @Test
    void theBridgeToLogbackBringsNoLogback() throws IOException {
        assertThat(jarsOf(House.LOGBACK))
                .containsExactlyInAnyOrder(
                        "hyperion-api",
                        "micrometer-core",
                        "micrometer-commons",
                        "micrometer-observation",
                        "HdrHistogram",
                        "slf4j-api",
                        "jspecify");
    }

    private static Set<String> jarsOf(House house) throws IOException {
        return Arrays.stream(Files.readString(house.runtimeClassPath()).trim().split(java.io.File.pathSeparator))
                .map(ModuleBoundariesTest::artifactOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** In a build that stops before the package phase our own modules are folders: {@code hyperion-api/target/classes}. */
    private static String artifactOf(String entry) {
        Path path = Path.of(entry);
        Path name = path.endsWith("target/classes") ? path.getParent().getParent() : path;
        return name.getFileName().toString().replaceAll("(-\\d.*)?(\\.jar)?$", "");
    }

    private static boolean hasSources(House house) throws IOException {
        return house.javaFiles().stream()
                .anyMatch(file -> file.toString().contains("src/main/java")
                        && !file.toString().endsWith("-info.java"));
    }

    private static SliceAssignment packagesOf(House house) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return House.of(type).filter(house::equals).isPresent()
                        ? SliceIdentifier.of(type.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages of " + house;
            }
        };
    }

    private static ArchCondition<JavaClass> reachOnlyTheModulesTheyMay() {
        return new ArchCondition<>("reach only the modules their own may use") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().forEach(dependency -> {
                    House from = House.of(type).orElseThrow();
                    House to = targetOf(dependency, from);
                    if (!from.mayUse(to)) {
                        events.add(SimpleConditionEvent.violated(
                                dependency, from + " may not use " + to + ": " + dependency.getDescription()));
                    }
                });
            }
        };
    }

    private static ArchCondition<JavaClass> touchOnlyWhatOtherModulesOffer() {
        return new ArchCondition<>("touch only the offered packages of other modules") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().forEach(dependency -> {
                    House from = House.of(type).orElseThrow();
                    House to = targetOf(dependency, from);
                    String name =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    if (from != to && !to.offered().contains(name) && !from.mayMeasureInside(to)) {
                        events.add(SimpleConditionEvent.violated(
                                dependency, name + " is internal to " + to + ": " + dependency.getDescription()));
                    }
                });
            }
        };
    }

    /** The module of the class depended on; the depending class' own where that is not ours. */
    private static House targetOf(Dependency dependency, House from) {
        return House.of(dependency.getTargetClass().getBaseComponentType()).orElse(from);
    }
}
