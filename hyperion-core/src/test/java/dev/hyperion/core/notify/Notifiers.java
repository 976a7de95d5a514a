// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.HyperionClock;
import dev.hyperion.Secret;
import dev.hyperion.TaskScheduler;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Contact;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.PluginContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes notifiers as a configuration would, and events for them. */
final class Notifiers {
    private static final Instant AT = Instant.parse("2026-11-25T12:00:00Z");

    private static final Contact CONTACT = new Contact("sre", "sre-oncall@example.com", Optional.of("+49 30 1234"));

    private Notifiers() {}

    static AlertNotifier make(AlertNotifierProvider provider, Map<String, Object> section) {
        return make(provider, section, HyperionClock.system());
    }

    static AlertNotifier make(AlertNotifierProvider provider, Map<String, Object> section, HyperionClock clock) {
        return provider.create(
                provider.schema().parse(ConfigNode.Mapping.of(section), "plugins." + provider.name()),
                new Context(clock));
    }

    static AlertEvent event(String id, AlertState state) {
        return event(id, state, Map.of("version", "1.4.0"), AT);
    }

    static AlertEvent event(String id, AlertState state, double value) {
        AlertEvent event = event(id, state);
        return new AlertEvent(
                id, event.rule(), event.labels(), state, value, event.at(), event.at(), event.contact(), event.text());
    }

    static AlertEvent event(String id, AlertState state, Map<String, String> labels, Instant at) {
        AlertRule rule = AlertRule.when("slow", "latency.p95", Comparison.GT, "250 ms")
                .severity(Severity.CRITICAL)
                .labels(Map.of("team", "shop"))
                .annotations(Map.of("runbook_url", "https://runbooks/slow"))
                .description("Pages after 3 hits.")
                .build();
        return new AlertEvent(
                id,
                rule,
                labels,
                state,
                0.312,
                at,
                state == AlertState.FIRING ? at : at.minusSeconds(90),
                Optional.of(CONTACT),
                "latency.p95 is 312 ms > 250 ms");
    }

    private record Context(HyperionClock clock) implements PluginContext {
        @Override
        public TaskScheduler scheduler() {
            return new ManualTime();
        }

        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Override
        public Logger logger() {
            return LoggerFactory.getLogger(Notifiers.class);
        }

        @Override
        public Secret secret(String reference) {
            throw new IllegalStateException("no secret is named " + reference);
        }

        @Override
        public Path dataFolder() {
            throw new IllegalStateException("there is no data folder");
        }
    }
}
