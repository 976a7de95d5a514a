// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.judge;

import dev.hyperion.deploy.AnalysisRule;
import dev.hyperion.deploy.AnalysisSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Judges a canary by limits and alerts.
 *
 * <ul>
 *   <li>An alert that fires, or a limit that is broken in as many looks in a row as its rule wants, is a failure.
 *   <li>Time counts only while every limit could be read: a source that is down neither passes nor fails a version, and
 *       time that nobody watched is no bake.
 *   <li>Passing takes the whole bake and enough requests. If those have not come when the extension is over, people decide.
 *   <li>During the warm-up nothing is held against the version and nothing counts for it.
 * </ul>
 *
 * <p>Thread-safety: immutable.
 */
public final class ThresholdJudge {
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    private final AnalysisSpec spec;
    private final Duration bake;

    /**
     * A judge of one bake.
     *
     * @param spec the limits
     * @param bake how long the version is watched
     */
    public ThresholdJudge(AnalysisSpec spec, Duration bake) {
        this.spec = spec;
        this.bake = bake;
    }

    /**
     * The state of a bake after a look, and what is thought of the version.
     *
     * <p>Thread-safety: immutable.
     *
     * @param progress how far the bake is
     * @param verdict what is thought
     */
    public record Judgement(BakeProgress progress, Verdict verdict) {}

    /**
     * Takes one look into account.
     *
     * @param before how far the bake was
     * @param seen what was seen
     * @return how far it is, with the verdict
     */
    public Judgement look(BakeProgress before, Evidence seen) {
        Duration elapsed = before.elapsed().plus(seen.sinceLast());
        if (elapsed.compareTo(spec.warmUp()) <= 0 && !spec.warmUp().isZero()) {
            return new Judgement(
                    new BakeProgress(Duration.ZERO, elapsed, 0, Map.of()),
                    new Verdict.Undecided(
                            "warming up for another " + seconds(spec.warmUp().minus(elapsed))));
        }
        Map<String, Integer> hits = hits(before, seen);
        List<String> unread = unread(seen);
        boolean observed = unread.isEmpty() && seen.newSamples().isPresent();
        BakeProgress now = new BakeProgress(
                observed ? before.observed().plus(seen.sinceLast()) : before.observed(),
                elapsed,
                before.samples() + seen.newSamples().orElse(0),
                hits);
        return new Judgement(now, verdict(now, seen, unread));
    }

    private Map<String, Integer> hits(BakeProgress before, Evidence seen) {
        Map<String, Integer> hits = new LinkedHashMap<>();
        for (AnalysisRule rule : spec.rules()) {
            int until = before.hits().getOrDefault(rule.toString(), 0);
            OptionalDouble value = seen.values().getOrDefault(rule, OptionalDouble.empty());
            if (value.isEmpty()) {
                hits.put(rule.toString(), until); // missing data neither counts nor resets
            } else {
                hits.put(rule.toString(), breaks(rule, value.getAsDouble()) ? until + 1 : 0);
            }
        }
        return hits;
    }

    private static boolean breaks(AnalysisRule rule, double value) {
        return rule.comparison().holds(value, rule.threshold().baseValue());
    }

    private List<String> unread(Evidence seen) {
        return spec.rules().stream()
                .filter(rule ->
                        seen.values().getOrDefault(rule, OptionalDouble.empty()).isEmpty())
                .map(AnalysisRule::metric)
                .toList();
    }

    private Verdict verdict(BakeProgress now, Evidence seen, List<String> unread) {
        if (!seen.firingAlerts().isEmpty()) {
            return new Verdict.Fail("alert " + String.join(", ", seen.firingAlerts()) + " fires");
        }
        for (AnalysisRule rule : spec.rules()) {
            int hits = now.hits().getOrDefault(rule.toString(), 0);
            OptionalDouble value = seen.values().getOrDefault(rule, OptionalDouble.empty());
            if (hits >= rule.hits() && value.isPresent()) {
                return new Verdict.Fail(rule.metric() + " is " + told(rule, value.getAsDouble()) + ", "
                        + rule.comparison().word() + " " + rule.threshold() + " for the " + hits + ". time in a row");
            }
        }
        Duration left = bake.minus(now.observed());
        if (left.compareTo(Duration.ZERO) <= 0 && now.samples() >= spec.minSamples()) {
            return new Verdict.Pass("watched for " + seconds(now.observed()) + " with " + now.samples() + " requests");
        }
        String missing = missing(now, left, unread);
        boolean over = now.elapsed().compareTo(spec.warmUp().plus(bake).plus(spec.maxExtension())) >= 0;
        return over ? new Verdict.GiveUp(missing) : new Verdict.Undecided(missing);
    }

    private String missing(BakeProgress now, Duration left, List<String> unread) {
        if (!unread.isEmpty()) {
            return "no reading of " + unread.stream().distinct().collect(Collectors.joining(", "));
        }
        if (now.samples() < spec.minSamples()) {
            return now.samples() + " of at least " + spec.minSamples() + " requests seen"
                    + (left.compareTo(Duration.ZERO) > 0 ? ", " + seconds(left) + " to go" : "");
        }
        return seconds(left) + " to go, " + now.samples() + " requests seen";
    }

    /** The reading in the unit in which the limit is written. */
    private static String told(AnalysisRule rule, double value) {
        double factor = rule.threshold().value() == 0
                ? 1
                : rule.threshold().baseValue() / rule.threshold().value();
        BigDecimal rounded = new BigDecimal(value / factor).round(FOUR_DIGITS).stripTrailingZeros();
        return (rounded.toPlainString() + " " + rule.threshold().unit()).strip();
    }

    private static String seconds(Duration time) {
        return Math.max(0, (time.toMillis() + 999) / 1_000) + " s";
    }
}
