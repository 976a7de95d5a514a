// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import dev.hyperion.monitoring.MeterSpec;
import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The catalogue of metrics is complete, and nothing in it is made up. */
class MeterRulesTest {
    private static final JavaClasses LIBRARIES = House.in(House.LIBRARIES);
    private static final Set<String> REGISTERING =
            Set.of("counter", "timer", "summary", "gauge", "gaugeCollectionSize", "gaugeMapSize", "more", "builder");

    @Test
    void everyMeterOfOursIsRegisteredThroughTheCatalogue() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(MeterSpec.class.getName())
                .and()
                .areNotAssignableTo(MeterRegistry.class) // a registry's own methods are what applications call
                .should()
                .callCodeUnitWhere(registersAMeter())
                .because("a constant of MetricCatalogue says what a meter is, and docs/metrics.md is made from them")
                .check(LIBRARIES);
    }

    @Test
    void everyMeterOfTheCatalogueIsRegisteredOrToldBySomebody() {
        JavaClass catalogue = LIBRARIES.get(MetricCatalogue.class);
        List<String> unused = catalogue.getFields().stream()
                .filter(field -> field.getRawType().isEquivalentTo(MeterSpec.class))
                .filter(field -> field.getAccessesToSelf().stream()
                        .allMatch(access -> access.getOriginOwner().equals(catalogue)))
                .map(JavaField::getName)
                .toList();

        assertThat(unused)
                .as("constants of MetricCatalogue that no code of ours uses")
                .isEmpty();
    }

    private static DescribedPredicate<JavaCall<?>> registersAMeter() {
        return new DescribedPredicate<>("registers a meter") {
            @Override
            public boolean test(JavaCall<?> call) {
                JavaClass owner = call.getTargetOwner();
                return REGISTERING.contains(call.getName())
                        && (owner.isAssignableTo(Meter.class) || owner.isAssignableTo(MeterRegistry.class));
            }
        };
    }
}
