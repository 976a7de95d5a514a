// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the guard of one metric remembers.
 *
 * <p>Thread-safety: immutable.
 *
 * @param metric the metric's address
 * @param badSince since when there has been no usable reading; empty if the last one was
 * @param zeroSince since when it reads 0 unbelieved; empty if it does not
 * @param last the last reading that was believed; empty before the first
 */
public record GuardMemory(String metric, Optional<Instant> badSince, Optional<Instant> zeroSince, OptionalDouble last) {
    /** Checks that nothing is null. */
    public GuardMemory {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(badSince, "badSince");
        Objects.requireNonNull(zeroSince, "zeroSince");
        Objects.requireNonNull(last, "last");
    }

    static GuardMemory none(String metric) {
        return new GuardMemory(metric, Optional.empty(), Optional.empty(), OptionalDouble.empty());
    }
}
