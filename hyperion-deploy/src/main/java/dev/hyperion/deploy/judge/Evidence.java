// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.judge;

import dev.hyperion.deploy.AnalysisRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What was seen of a new version since the last look.
 *
 * <p>Thread-safety: immutable.
 *
 * @param values the reading of each rule, in base units; empty if there is none
 * @param newSamples requests answered since the last look; empty if it could not be found out
 * @param firingAlerts names of alerts that fire for the new version
 * @param sinceLast how long ago the last look was
 */
public record Evidence(
        Map<AnalysisRule, OptionalDouble> values,
        OptionalLong newSamples,
        List<String> firingAlerts,
        Duration sinceLast) {
    /** Copies the collections. */
    public Evidence {
        values = Map.copyOf(values);
        firingAlerts = List.copyOf(firingAlerts);
        Objects.requireNonNull(newSamples, "newSamples");
        Objects.requireNonNull(sinceLast, "sinceLast");
    }
}
