// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.monitoring.MeterSpec;
import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class MetricCatalogueTest {
    private static final Path PAGE = Path.of("docs/metrics.md");
    private static final String HOW = "-Dhyperion.docs.write=true";

    @Test
    void thePageOfMetricsIsTheOneMadeFromTheCatalogue() throws IOException {
        Path page = page();
        if (Boolean.getBoolean("hyperion.docs.write")) {
            Files.writeString(page, made());
        }

        assertThat(Files.readString(page))
                .as("docs/metrics.md is stale; run ./mvnw -Pfast test -pl hyperion-core -am -Dtest=MetricCatalogueTest "
                        + HOW)
                .isEqualTo(made());
    }

    @Test
    void everyMeterIsRegisteredWithWhatIsDeclaredForIt() {
        for (MeterSpec spec : MetricCatalogue.all()) {
            HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
            String[] values = spec.tags().stream().map(tag -> "a " + tag).toArray(String[]::new);

            Meter meter = switch (spec.kind()) {
                case COUNTER -> spec.counter(registry, values);
                case GAUGE -> spec.gauge(registry, spec, s -> 1, values);
                case TIMER -> spec.timer(registry, values);
                case SUMMARY -> spec.summary(registry, values);
            };

            Meter.Id id = meter.getId();
            assertThat(id.getName()).isEqualTo(spec.name());
            assertThat(id.getDescription()).isEqualTo(spec.description());
            assertThat(spec.tags()).allSatisfy(tag -> assertThat(id.getTag(tag)).isEqualTo("a " + tag));
            if (spec.kind() != MeterSpec.Kind.TIMER) {
                assertThat(id.getBaseUnit() == null ? "" : id.getBaseUnit()).isEqualTo(spec.unit());
            }
        }
    }

    @Test
    void aMeterIsNeverRegisteredAsAnotherTypeOrWithOtherTags() {
        HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());

        assertThatThrownBy(() -> MetricCatalogue.PLUGIN_FAILURES.timer(registry, "x"))
                .hasMessageContaining("plugin.failures")
                .hasMessageContaining("COUNTER")
                .hasMessageContaining("TIMER");
        assertThatThrownBy(() -> MetricCatalogue.PLUGIN_FAILURES.counter(registry))
                .hasMessageContaining("[plugin]")
                .hasMessageContaining("got 0");
        assertThat(registry.getMeters()).isEmpty();
    }

    /** Tests run in the folder of their module, or at the top. */
    private static Path page() {
        return Files.exists(PAGE) ? PAGE : Path.of("..").resolve(PAGE);
    }

    private static String made() {
        StringBuilder page = new StringBuilder("""
                # The metrics that Hyperion tells of itself

                Made from `dev.hyperion.monitoring.MetricCatalogue`; do not edit. How it is made is in
                [CONTRIBUTING](../CONTRIBUTING.md#metrics). Addresses such as `deploy.active_replicas.sum` read them, rules watch
                them.

                ## Meters

                `/metrics` exports them under the second name; see [exposition](exposition.md).

                | metric | exported as | type | unit | tags | what |
                | --- | --- | --- | --- | --- | --- |
                """);
        for (MeterSpec spec : MetricCatalogue.all()) {
            String family = ExpositionNames.family(spec.name(), spec.unit());
            String exported = spec.kind() == MeterSpec.Kind.COUNTER ? family + "_total" : family;
            row(page, "`" + spec.name() + "` | `" + exported + "`", spec);
        }
        page.append("""

                ## From the routers

                Read by rules and scaling policies, with the windows and percentiles of any other metric. An application that
                has no router of ours in front records `latency` and `error` itself.

                | metric | type | unit | tags | what |
                | --- | --- | --- | --- | --- |
                """);
        for (MeterSpec spec : MetricCatalogue.ofSources()) {
            row(page, "`" + spec.name() + "`", spec);
        }
        return page.toString();
    }

    private static void row(StringBuilder page, String names, MeterSpec spec) {
        page.append("| ")
                .append(String.join(
                        " | ",
                        names,
                        spec.kind().name().toLowerCase(Locale.ROOT),
                        spec.unit(),
                        String.join(", ", spec.tags()),
                        spec.description()))
                .append(" |\n");
    }
}
