// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One metric as a decision saw it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param metric the address
 * @param value the reading; empty if there was none
 * @param takenAt when it was true; empty if there was none
 * @param age how old it was when the decision was made; empty if there was none
 * @param detail where it came from, or why there is none; one line
 */
public record MetricInput(
        String metric, OptionalDouble value, Optional<Instant> takenAt, Optional<Duration> age, String detail) {
    /** Checks that nothing is null. */
    public MetricInput {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(takenAt, "takenAt");
        Objects.requireNonNull(age, "age");
        Objects.requireNonNull(detail, "detail");
    }
}
