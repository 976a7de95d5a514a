// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.Contact;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How alerting works. Thread-safety: immutable.
 *
 * @param interval how often rules are evaluated; more than zero
 * @param queryDeadline how long one question may hold up the evaluation; more than zero
 * @param notifierDeadline how long one delivery may take; more than zero
 * @param groupBy labels whose values make a group; {@value #BY_RULE} and {@value #BY_SEVERITY} are those of the rule; empty for
 *     one group per rule
 * @param groupWait how long a group waits for more of its kind; zero for not at all
 * @param repeatEvery how often a firing alert is told again; empty for once only
 * @param blockLoopback whether block-ip may keep out clients on this machine
 * @param contacts whom to call, by the names that rules use
 */
public record AlertSettings(
        Duration interval,
        Duration queryDeadline,
        Duration notifierDeadline,
        List<String> groupBy,
        Duration groupWait,
        Optional<Duration> repeatEvery,
        boolean blockLoopback,
        Map<String, Contact> contacts) {
    /** The label of {@code groupBy} that is the rule's name. */
    public static final String BY_RULE = "rule";

    /** The label of {@code groupBy} that is the rule's severity. */
    public static final String BY_SEVERITY = "severity";

    /** Checks the ranges and copies the collections. */
    public AlertSettings {
        require(interval, true, "interval");
        require(queryDeadline, true, "query deadline");
        require(notifierDeadline, true, "notifier deadline");
        require(groupWait, false, "group wait");
        repeatEvery.ifPresent(every -> require(every, true, "repetition"));
        groupBy = List.copyOf(groupBy);
        contacts = Map.copyOf(contacts);
    }

    private static void require(Duration time, boolean more, String what) {
        Objects.requireNonNull(time, what);
        if (time.isNegative() || (more && time.isZero())) {
            throw new IllegalArgumentException(
                    "alert " + what + " is " + time + "; expected " + (more ? "more than zero" : "zero or more"));
        }
    }

    /**
     * The settings that hold unless configured otherwise: every 10 s, 2 s for a question, 10 s for a delivery, one group per
     * rule that waits for nothing, told once, this machine not blocked, no contacts.
     *
     * @return the defaults
     */
    public static AlertSettings defaults() {
        return new AlertSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                List.of(),
                Duration.ZERO,
                Optional.empty(),
                false,
                Map.of());
    }
}
