// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.judge;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How far a bake is.
 *
 * <p>Thread-safety: immutable.
 *
 * @param observed how long the version was really observed
 * @param elapsed how long the bake has been looked at, observed or not
 * @param samples requests that the version has answered
 * @param hits for each rule, as it is written, how often in a row it was broken
 */
public record BakeProgress(Duration observed, Duration elapsed, long samples, Map<String, Integer> hits) {
    /** Nothing was seen yet. */
    public static final BakeProgress NONE = new BakeProgress(Duration.ZERO, Duration.ZERO, 0, Map.of());

    /** Copies the map. */
    public BakeProgress {
        Objects.requireNonNull(observed, "observed");
        Objects.requireNonNull(elapsed, "elapsed");
        hits = Map.copyOf(hits);
    }
}
