// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.tck.SimulatedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random rules on random series, judged beside a plain model that works the state out anew from the whole history at every
 * evaluation. A third of the rules have what Prometheus has too, and are judged beside a transcript of its rules as well.
 */
class AlertStateMachineTest {
    private static final int RULES = 1_500;
    private static final int EVALUATIONS = 100;
    private static final long INTERVAL = 10;

    private final ManualTime time = new ManualTime();
    private final Silences silences = new Silences(new StoredAlertJournal(new SimulatedStore(), time), time);

    /** What a rule wants, in plain numbers; seconds for times. */
    private record Want(
            Comparison comparison, double limit, double clear, int hits, long lasting, long keep, OnMissing missing) {

        AlertRule rule() {
            AlertRule.Builder rule = AlertRule.when("random", "level", comparison, Double.toString(limit))
                    .hits(hits)
                    .lasting(Duration.ofSeconds(lasting))
                    .keepFiringFor(Duration.ofSeconds(keep))
                    .onMissing(missing);
            if (clear != limit) {
                rule.clearThreshold(Double.toString(clear));
            }
            return rule.build();
        }
    }

    private static Want random(Random random) {
        Comparison comparison = Comparison.values()[random.nextInt(Comparison.values().length)];
        double limit = random.nextInt(10);
        double clear = limit;
        if (random.nextBoolean() && comparison != Comparison.EQ) {
            boolean above = comparison == Comparison.GT || comparison == Comparison.GE;
            clear = limit + (above ? -random.nextInt(4) : random.nextInt(4));
        }
        return new Want(
                comparison,
                limit,
                clear,
                1 + random.nextInt(4),
                random.nextBoolean() ? 0 : random.nextInt(5) * INTERVAL,
                random.nextBoolean() ? 0 : random.nextInt(5) * INTERVAL,
                OnMissing.values()[random.nextInt(3)]);
    }

    /** The states after each value of a history; nothing is carried from one to the next but the history itself. */
    private static boolean firingAfter(Want want, List<Optional<Double>> history) {
        boolean firing = false;
        int row = 0;
        long rowBegan = 0;
        long clearBegan = -1;
        for (int i = 0; i < history.size(); i++) {
            long now = i * INTERVAL;
            Boolean hit = history.get(i).isPresent()
                    ? Boolean.valueOf(
                            holds(want.comparison(), history.get(i).get(), firing ? want.clear() : want.limit()))
                    : want.missing() == OnMissing.FIRE
                            ? Boolean.TRUE
                            : want.missing() == OnMissing.RESOLVE ? false : null;
            if (hit == null) {
                continue;
            }
            if (hit) {
                rowBegan = row == 0 ? now : rowBegan;
                row++;
                clearBegan = -1;
                firing = firing || (row >= want.hits() && now - rowBegan >= want.lasting());
            } else {
                row = 0;
                clearBegan = firing && clearBegan < 0 ? now : clearBegan;
                if (firing && now - clearBegan >= want.keep()) {
                    firing = false;
                    clearBegan = -1;
                }
            }
        }
        return firing;
    }

    private static boolean holds(Comparison comparison, double value, double limit) {
        int order = Double.compare(value, limit);
        return switch (comparison) {
            case GT -> order > 0;
            case GE -> order >= 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case EQ -> order == 0;
        };
    }

    private static Condition condition(AlertRule rule) {
        MetricQuery query = rule.query(Duration.ofSeconds(60));
        double clear = rule.clearThreshold().orElse(rule.threshold()).baseValue();
        return new Condition(
                query,
                Optional.empty(),
                rule.comparison(),
                rule.threshold(),
                rule.threshold().baseValue(),
                clear,
                1);
    }

    private static Answer answer(Optional<Double> value) {
        return value.map(v -> new Answer(Map.of(Map.of(), v), "-")).orElse(Answer.none("nothing"));
    }

    private AlertState evaluate(RuleState rule, Optional<Double> value, int tick) {
        RuleState.Moment moment = new RuleState.Moment(tick * INTERVAL * 1_000_000_000L, time.now());
        rule.evaluate(answer(value), moment, silences, Map.of());
        List<AlertStatus> statuses = rule.statuses(silences, time.now());
        assertThat(statuses).hasSize(1);
        return statuses.get(0).state();
    }

    @Test
    void randomRulesOnRandomSeriesFireAndResolveAsThePlainModelDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int fired = 0;
        int resolved = 0;
        for (int i = 0; i < RULES; i++) {
            Want want = random(random);
            RuleState rule = new RuleState(want.rule(), AlertStateMachineTest::condition, time.now());
            List<Optional<Double>> history = new ArrayList<>();
            boolean was = false;
            for (int tick = 0; tick < EVALUATIONS; tick++) {
                history.add(random.nextInt(6) == 0 ? Optional.empty() : Optional.of((double) random.nextInt(10)));
                boolean firing = firingAfter(want, history);
                assertThat(evaluate(rule, history.get(tick), tick) == AlertState.FIRING)
                        .as("seed %d, %s, after %s", seed, want, history)
                        .isEqualTo(firing);
                fired += firing && !was ? 1 : 0;
                resolved += was && !firing ? 1 : 0;
                was = firing;
            }
        }
        System.getLogger(AlertStateMachineTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "seed {0}: {1} evaluations, {2} fired, {3} resolved",
                        Long.toString(seed),
                        RULES * EVALUATIONS,
                        fired,
                        resolved);
        assertThat(fired).isGreaterThan(RULES / 4);
        assertThat(resolved).isGreaterThan(RULES / 8);
    }

    /** Prometheus 2.42, {@code AlertingRule.Eval}: a series that is absent or false is not in the result. */
    private static final class PrometheusAlert {
        private final long hold;
        private final long keep;
        private boolean active;
        private boolean firing;
        private long activeAt;
        private long keepFiringSince = -1;

        PrometheusAlert(long hold, long keep) {
            this.hold = hold;
            this.keep = keep;
        }

        boolean evaluate(boolean inResult, long now) {
            if (inResult) {
                if (!active) {
                    active = true;
                    activeAt = now;
                }
                keepFiringSince = -1;
            } else if (active) {
                boolean keepFiring = false;
                if (firing && keep > 0) {
                    keepFiringSince = keepFiringSince < 0 ? now : keepFiringSince;
                    keepFiring = now - keepFiringSince < keep;
                }
                if (!keepFiring) {
                    active = false;
                    firing = false;
                    keepFiringSince = -1;
                    return false;
                }
            }
            if (active && now - activeAt >= hold) {
                firing = true;
            }
            return firing;
        }
    }

    @Test
    void hitsAndForFireAtTheEvaluationAtWhichPrometheusFires() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < RULES / 3; i++) {
            boolean byHits = random.nextBoolean();
            int hits = byHits ? 1 + random.nextInt(6) : 1;
            long lasting = byHits ? 0 : random.nextInt(60);
            long keep = random.nextBoolean() ? 0 : random.nextInt(60);
            Want want = new Want(Comparison.GT, 4, 4, hits, lasting, keep, OnMissing.RESOLVE);
            RuleState rule = new RuleState(want.rule(), AlertStateMachineTest::condition, time.now());
            PrometheusAlert prometheus = new PrometheusAlert(byHits ? (hits - 1) * INTERVAL : lasting, keep);
            for (int tick = 0; tick < EVALUATIONS; tick++) {
                Optional<Double> value =
                        random.nextInt(8) == 0 ? Optional.empty() : Optional.of((double) random.nextInt(10));
                boolean firing = prometheus.evaluate(value.filter(v -> v > 4).isPresent(), tick * INTERVAL);
                assertThat(evaluate(rule, value, tick) == AlertState.FIRING)
                        .as("seed %d, %s at evaluation %d", seed, want, tick)
                        .isEqualTo(firing);
            }
        }
    }
}
