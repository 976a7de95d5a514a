// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.TrafficRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What code of ours does and does not do. */
class CodeRulesTest {
    private static final JavaClasses LIBRARIES = House.in(House.LIBRARIES);
    private static final JavaClasses EVERY_CLASS = House.everyClass();

    /** The one class that asks the machine for the time. */
    private static final String THE_CLOCK = "dev\\.hyperion\\.SystemClock";

    @Test
    void librariesTakeTheTimeFromTheClockTheyAreGiven() {
        noClasses()
                .that()
                .haveNameNotMatching(THE_CLOCK)
                .should()
                .callCodeUnitWhere(asksTheMachineForTheTime())
                .because("with HyperionClock the same code runs under virtual time")
                .check(LIBRARIES);
    }

    @Test
    void theAutoscalerActsThroughTheDeploymentManagerAlone() {
        noClasses()
                .that()
                .resideInAPackage("dev.hyperion.autoscale..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(DeployBackend.class, TrafficRouter.class)
                .because("two writers of one replica count fight over it")
                .check(LIBRARIES);
    }

    @Test
    void librariesNeverSleep() {
        noClasses()
                .should()
                .callMethodWhere(target(nameMatching("sleep")).and(target(owner(assignableTo(Thread.class)))))
                .orShould()
                .callMethodWhere(target(nameMatching("sleep"))
                        .and(target(owner(assignableTo(java.util.concurrent.TimeUnit.class)))))
                .because("waiting goes through TaskScheduler, or through a condition that can be signalled")
                .check(LIBRARIES);
    }

    @Test
    void librariesNeverPrint() {
        noClasses()
                .should(ACCESS_STANDARD_STREAMS)
                .because("the console belongs to the application; we log through SLF4J")
                .check(LIBRARIES);
    }

    @Test
    void librariesLogThroughSlf4jOnly() {
        noClasses()
                .that()
                // reads what the application logs, whatever it logs with
                .resideOutsideOfPackage("dev.hyperion.core.log..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(LIBRARIES);
    }

    @Test
    void librariesNeverEndTheProcessTheyAreEmbeddedIn() {
        noClasses()
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(LIBRARIES);
    }

    @Test
    void librariesNeverSetSystemProperties() {
        noClasses()
                .should()
                .callMethod(System.class, "setProperty", String.class, String.class)
                .orShould()
                .callMethod(System.class, "setProperties", java.util.Properties.class)
                .check(LIBRARIES);
    }

    @Test
    void nothingThrowsAnExceptionThatTellsNothing() {
        noClasses().should(THROW_GENERIC_EXCEPTIONS).check(LIBRARIES);
    }

    @Test
    void everyPublicExceptionOfOursIsAHyperionException() {
        classes()
                .that()
                .areAssignableTo(Throwable.class)
                .and()
                .arePublic()
                .should()
                .beAssignableTo("dev.hyperion.HyperionException")
                .allowEmptyShould(!House.API.hasCode())
                .check(LIBRARIES);
    }

    @Test
    void interfacesAndValuesHoldNoEngineCode() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.hyperion",
                        "dev.hyperion.autoscale",
                        "dev.hyperion.deploy",
                        "dev.hyperion.monitoring",
                        "dev.hyperion.spi")
                .should()
                .dependOnClassesThat(doTheWorkOfAnEngine())
                .because("what these packages say must not depend on how it is done")
                .allowEmptyShould(!House.API.hasCode())
                .check(House.in(EnumSet.of(House.API)));
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        for (House house : House.values()) {
            JavaClasses withPackageInfos = new ClassFileImporter()
                    .importPaths(Files.isDirectory(house.classes()) ? Set.of(house.classes()) : Set.of());
            Set<JavaPackage> packages =
                    withPackageInfos.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
            packages.stream()
                    .filter(name -> name.getClasses().stream().anyMatch(type -> !isGenerated(type)))
                    .filter(name -> !name.isAnnotatedWith(NullMarked.class))
                    .forEach(name -> unmarked.add(house + " " + name.getName()));
        }

        assertThat(unmarked)
                .as("packages whose package-info.java lacks @NullMarked: the null checker passes over them")
                .isEmpty();
    }

    @Test
    void namesSayWhatAClassIsAndNotThatItIsLeftOver() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Helpers|Impl|Common)")
                .check(EVERY_CLASS);
    }

    @Test
    void everySourceFileNamesItsLicence() throws IOException {
        List<Path> silent = new ArrayList<>();
        for (House house : House.values()) {
            for (Path file : house.javaFiles()) {
                if (!Files.readString(file).startsWith("// SPDX-License-Identifier: Apache-2.0\n")) {
                    silent.add(file);
                }
            }
        }

        assertThat(silent).isEmpty();
    }

    private static boolean isGenerated(JavaClass type) {
        return type.getPackageName().contains("jmh_generated")
                || type.getSimpleName().equals("module-info")
                || type.getSimpleName().equals("package-info");
    }

    private static DescribedPredicate<JavaCall<?>> asksTheMachineForTheTime() {
        Set<String> calls = Set.of(
                "java.lang.System.currentTimeMillis()",
                "java.lang.System.nanoTime()",
                "java.time.Instant.now()",
                "java.time.LocalDate.now()",
                "java.time.LocalDateTime.now()",
                "java.time.OffsetDateTime.now()",
                "java.time.ZonedDateTime.now()",
                "java.time.Clock.systemUTC()",
                "java.time.Clock.systemDefaultZone()",
                "java.time.InstantSource.system()",
                "java.util.Date.<init>()");
        return new DescribedPredicate<>("asks the machine for the time") {
            @Override
            public boolean test(JavaCall<?> call) {
                CodeUnitCallTarget target = call.getTarget();
                return calls.contains(target.getFullName());
            }
        };
    }

    private static DescribedPredicate<JavaClass> doTheWorkOfAnEngine() {
        Set<String> packages = new TreeSet<>(Arrays.asList(
                "java.net.http",
                "java.sql",
                "javax.net",
                "com.sun.net.httpserver",
                "java.nio.channels",
                "java.util.concurrent.locks",
                "java.util.concurrent.atomic"));
        Set<String> types = Set.of(
                "java.nio.file.Files",
                "java.io.FileInputStream",
                "java.io.FileOutputStream",
                "java.lang.ProcessBuilder",
                "java.lang.Thread",
                "java.net.Socket",
                "java.net.ServerSocket",
                "java.util.concurrent.Executors",
                "java.util.concurrent.ThreadPoolExecutor",
                "java.util.ServiceLoader");
        return new DescribedPredicate<>("do the work of an engine (threads, files, sockets, processes, locks)") {
            @Override
            public boolean test(JavaClass type) {
                return packages.contains(type.getPackageName()) || types.contains(type.getName());
            }
        };
    }
}
