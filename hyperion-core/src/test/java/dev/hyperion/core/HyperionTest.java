// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hyperion.ConfigException;
import dev.hyperion.core.registry.TracedMeter;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.TraceContext;
import io.micrometer.core.instrument.Counter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HyperionTest {
    @TempDir
    private Path folder;

    @Test
    void monitoringWorksWithoutAnyConfiguration() {
        try (Hyperion hyperion = Hyperion.start()) {
            hyperion.monitoring().meters().timer("latency").record(Duration.ofMillis(120));
            assertThat(hyperion.monitoring().read("latency.p95").orElseThrow().value())
                    .isBetween(0.119, 0.121);
            assertThat(hyperion.address()).isEmpty();
            assertThat(hyperion.deployments()).isEmpty();
        }
    }

    @Test
    void aNameHasAsManySeriesAsTheConfigurationAllows() {
        try (Hyperion hyperion = Hyperion.builder()
                .config(Map.of("metrics", Map.of("max_series", 3)))
                .start()) {
            for (int i = 0; i < 10; i++) {
                hyperion.monitoring()
                        .meters()
                        .counter("orders", "user", "u" + i)
                        .increment();
            }
            assertThat(hyperion.monitoring().meters().find("orders").counters()).hasSize(4);
            assertThat(hyperion.monitoring()
                            .meters()
                            .get("orders")
                            .tag("overflow", "true")
                            .counter()
                            .count())
                    .isEqualTo(7);
        }
    }

    @Test
    void recordsWithinATraceBecomeExemplarsAtTheNextTick() {
        try (Hyperion hyperion = Hyperion.builder()
                .traces(() -> Optional.of(new TraceContext.Span("t", "s")))
                .start()) {
            TracedMeter orders = (TracedMeter) hyperion.monitoring().meters().counter("orders");
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                ((Counter) orders).increment();
                return !orders.exemplars().isEmpty();
            });
            assertThat(orders.exemplars().get(0).traceId()).isEqualTo("t");
        }
    }

    @Test
    void everyMistakeOfAFileIsToldAtOnce() throws Exception {
        Path file = Files.writeString(folder.resolve("h.yaml"), "htpp: {}\nmonitoring:\n  window: 0s\n");
        assertThatThrownBy(() -> Hyperion.start(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("h.yaml:1:1: htpp is not a known key; did you mean http?")
                .hasMessageContaining("h.yaml:3:11: monitoring.window is '0s'; expected a duration");
    }

    @Test
    void anEngineThatIsNotThereNamesItsArtifact() {
        assertThatThrownBy(() ->
                        Hyperion.builder().config(Map.of("autoscale", Map.of())).start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("dev.hyperion:hyperion-autoscale");
    }

    @Test
    void aSectionOfAPluginThatIsNotInUseIsAMistake() {
        assertThatThrownBy(() -> Hyperion.builder()
                        .config(Map.of("plugins", Map.of("sqlight", Map.of())))
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("plugins.sqlight is the section of a plugin that is not in use");
    }

    @Test
    void rulesThatWereAddedAtRunTimeAreThereAfterARestart() {
        Hyperion.Builder builder = Hyperion.builder().dataFolder(folder).config(Map.of("store", "sqlite"));
        try (Hyperion hyperion = builder.start()) {
            hyperion.monitoring()
                    .addAlert(AlertRule.when("slow", "latency.p95", Comparison.GT, "250 ms")
                            .hits(3)
                            .build());
        }
        try (Hyperion hyperion = builder.start()) {
            assertThat(hyperion.monitoring().alerts()).singleElement().satisfies(status -> {
                assertThat(status.rule().name()).isEqualTo("slow");
                assertThat(status.rule().threshold()).hasToString("250 ms");
            });
        }
    }

    @Test
    void aSecondInstanceOnTheSameDataThatMustLeadIsTurnedAway() {
        Hyperion.Builder builder = Hyperion.builder().dataFolder(folder).mustLead();
        try (Hyperion first = builder.start()) {
            assertThat(first.leadership().held()).isTrue();
            assertThatThrownBy(builder::start)
                    .hasMessageContaining(
                            "is led by pid " + ProcessHandle.current().pid());
        }
    }
}
