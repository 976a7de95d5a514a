// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.util.List;

/**
 * How a canary is judged.
 *
 * <p>Thread-safety: immutable.
 *
 * @param rules limits on the new version's metrics
 * @param alerts names of alert rules; one that fires for the new version, or for no version in particular, fails the
 *     canary
 * @param interval how often it is judged; more than zero
 * @param window how far back each reading looks; more than zero
 * @param minSamples requests that the new version must have answered before the bake can end; 0 or more
 * @param warmUp how long after its first traffic the new version is not judged; zero or more
 * @param maxExtension how much longer than the bake to wait for samples, before the rollout is held; zero or more
 */
public record AnalysisSpec(
        List<AnalysisRule> rules,
        List<String> alerts,
        Duration interval,
        Duration window,
        long minSamples,
        Duration warmUp,
        Duration maxExtension) {
    /**
     * Copies the lists and checks the numbers.
     *
     * @throws HyperionException if a number is out of range
     */
    public AnalysisSpec {
        rules = List.copyOf(rules);
        alerts = List.copyOf(alerts);
        require(!interval.isNegative() && !interval.isZero(), "interval", interval, "more than zero");
        require(!window.isNegative() && !window.isZero(), "window", window, "more than zero");
        require(minSamples >= 0, "min_samples", minSamples, "0 or more");
        require(!warmUp.isNegative(), "warm_up", warmUp, "zero or more");
        require(!maxExtension.isNegative(), "max_extension", maxExtension, "zero or more");
    }

    /**
     * Judged every 5 s over 60 s, 50 samples at least, after 10 s of warm-up, extended by 10 minutes at most; no rules.
     *
     * @return the default
     */
    public static AnalysisSpec defaults() {
        return new AnalysisSpec(
                List.of(),
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                50,
                Duration.ofSeconds(10),
                Duration.ofMinutes(10));
    }

    private static void require(boolean holds, String key, Object value, String expected) {
        if (!holds) {
            throw new HyperionException("canary analysis has " + key + " " + value + "; expected " + expected);
        }
    }
}
