// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.ReasonCode;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a guard found.
 *
 * <p>Thread-safety: immutable.
 *
 * @param metric the metric's address
 * @param bad what is wrong with it; empty if nothing is
 * @param whole whether all of it is bad; false if only some replicas' samples are, which forbids going down
 * @param hold whether it forbids any change
 * @param fallback at least so many replicas, if it has been bad for long enough
 * @param because one line; empty if nothing is wrong
 */
public record Verdict(
        String metric, Optional<ReasonCode> bad, boolean whole, boolean hold, OptionalInt fallback, String because) {
    /** Checks that nothing is null. */
    public Verdict {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(bad, "bad");
        Objects.requireNonNull(fallback, "fallback");
        Objects.requireNonNull(because, "because");
    }
}
