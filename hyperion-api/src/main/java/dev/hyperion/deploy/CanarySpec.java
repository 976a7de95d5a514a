// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How a new version is tried on a share of the traffic.
 *
 * <p>Thread-safety: immutable.
 *
 * @param steps the shares in percent, rising, each more than 0 and less than 100; at least one
 * @param bake how long each share is watched, of observed time
 * @param analysis how it is judged meanwhile
 */
public record CanarySpec(List<Double> steps, Duration bake, AnalysisSpec analysis) {
    /**
     * Copies the list and checks the numbers.
     *
     * @throws HyperionException if there is no step, a share is out of range or not rising, or the bake is negative
     */
    public CanarySpec {
        steps = List.copyOf(steps);
        Objects.requireNonNull(analysis, "analysis");
        if (steps.isEmpty()) {
            throw new HyperionException("canary has no step; give at least one share such as 10");
        }
        double before = 0;
        for (double share : steps) {
            if (!(share > before && share < 100)) {
                throw new HyperionException(
                        "canary step " + share + " % follows " + before + " %; shares rise and lie between 0 and 100");
            }
            before = share;
        }
        if (bake.isNegative()) {
            throw new HyperionException("canary bakes for " + bake + "; expected zero or more");
        }
    }
}
