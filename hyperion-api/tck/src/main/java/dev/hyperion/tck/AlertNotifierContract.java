// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Contact;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link AlertNotifier} keeps to. Extend it and make a notifier whose receiver is well. */
public abstract class AlertNotifierContract {
    /** For subclasses. */
    protected AlertNotifierContract() {}

    /**
     * Makes a notifier whose receiver is well.
     *
     * @return a notifier; the contract closes it
     */
    protected abstract AlertNotifier notifier();

    /**
     * What has arrived.
     *
     * @return how many different events the receiver has
     */
    protected abstract int arrived();

    private static AlertEvent event(AlertState state) {
        AlertRule rule =
                AlertRule.when("slow", "latency.p95", Comparison.GT, "250 ms").build();
        return new AlertEvent(
                "event-" + state,
                rule,
                Map.of("version", "1.4.0"),
                state,
                0.3,
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.of(new Contact("sre", "sre-oncall@example.com", Optional.empty())),
                "latency.p95 is 300 ms");
    }

    /** Both the beginning and the end of an alert arrive. */
    @Test
    public void beginningAndEndOfAnAlertArrive() {
        try (AlertNotifier notifier = notifier()) {
            for (AlertState state : new AlertState[] {AlertState.FIRING, AlertState.RESOLVED}) {
                Deadline deadline = Deadline.in(HyperionClock.system(), Duration.ofSeconds(10));
                assertThat(notifier.deliver(event(state), deadline)).isInstanceOf(Delivery.Delivered.class);
            }
            assertThat(arrived()).isEqualTo(2);
        }
    }

    /** A group arrives as a whole, and each of its events has its answer. */
    @Test
    public void everyEventOfAGroupArrivesAndHasItsAnswer() {
        try (AlertNotifier notifier = notifier()) {
            Deadline deadline = Deadline.in(HyperionClock.system(), Duration.ofSeconds(10));
            List<AlertEvent> group = List.of(event(AlertState.FIRING), event(AlertState.RESOLVED));
            assertThat(notifier.deliverAll(group, deadline))
                    .hasSize(2)
                    .allSatisfy(answer -> assertThat(answer).isInstanceOf(Delivery.Delivered.class));
            assertThat(arrived()).isEqualTo(2);
        }
    }
}
