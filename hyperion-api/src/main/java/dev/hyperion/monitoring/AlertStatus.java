// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Where one rule stands for one label set.
 *
 * <p>Thread-safety: immutable.
 *
 * @param rule the rule
 * @param labels the label set; empty for a rule without {@code by}
 * @param state its state
 * @param currentHits hits in a row until now
 * @param value the newest reading, in base units; empty if there was none
 * @param since when it came into this state
 * @param noData whether the last evaluation had nothing to compare
 * @param detail why there is no data, in one line; empty if there is, or before the first evaluation
 * @param silence the id of a silence that covers it
 */
public record AlertStatus(
        AlertRule rule,
        Map<String, String> labels,
        AlertState state,
        int currentHits,
        OptionalDouble value,
        Instant since,
        boolean noData,
        String detail,
        Optional<String> silence) {
    /** Copies the labels. */
    public AlertStatus {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(silence, "silence");
        labels = Map.copyOf(labels);
    }
}
