// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.MetricProposal;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.TargetDecider;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The target policy and a second, plain implementation of the same algorithm agree in every intermediate result, on random
 * policies, observations and memories that keep to the edges, and over lives in which each keeps its own memory. The seed is
 * printed; {@code -Dhyperion.test.seed} repeats a run.
 */
class HpaDifferenceTest {
    private static final long SEED = Long.getLong("hyperion.test.seed", new Random().nextLong());
    private static final int CASES = 200_000;
    private static final int LIVES = 300;
    private static final int TICKS = 100;
    private static final int MOST_REPLICAS = 30;
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final long[] EDGES = {
        0,
        1,
        -1,
        100,
        1_000,
        (1L << 31) - 1,
        1L << 31,
        1L << 52,
        (1L << 53) + 1,
        1L << 62,
        Long.MAX_VALUE / 100,
        Long.MAX_VALUE / 100 + 1,
        Long.MAX_VALUE / 2 + 1,
        Long.MAX_VALUE - 600,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private Random random = new Random(SEED);

    @Test
    void anyCaseAgrees() {
        System.out.println("HpaDifferenceTest seed " + SEED);
        int decided = 0;
        int limited = 0;
        int unusable = 0;
        for (int i = 0; i < CASES; i++) {
            random = new Random(SEED + i);
            TargetPolicy policy = anyPolicy();
            TargetObservation seen = anyObservation(policy, random.nextInt(14), random.nextInt(3) == 0, NOON);
            PlainHpa plain = new PlainHpa(policy);
            TargetHistory history = anyHistory(policy, plain);
            TargetOutcome outcome = TargetDecider.decide(policy, seen, history, NOON);
            PlainHpa.Result expected = plain.decide(seen, NOON);
            if (!agree(outcome, expected)) {
                assertThat(outcome)
                        .as("seed %d, case %d: %s sees %s and remembers %s", SEED, i, policy, seen, history)
                        .hasToString(expected.toString());
            }
            decided += expected.decided() ? 1 : 0;
            limited += expected.limited().endsWith("Limit") ? 1 : 0;
            unusable += expected.proposals().stream().anyMatch(each -> !each.usable()) ? 1 : 0;
        }
        // every part of the algorithm is visited often enough to tell something
        assertThat(decided).isGreaterThan(CASES / 4);
        assertThat(limited).isGreaterThan(CASES / 20);
        assertThat(unusable).isGreaterThan(CASES / 20);
    }

    @Test
    void anyLifeAgrees() {
        for (int i = 0; i < LIVES; i++) {
            random = new Random(SEED - 1 - i);
            TargetPolicy policy = anyPolicy();
            PlainHpa plain = new PlainHpa(policy);
            TargetHistory history = TargetHistory.NONE;
            int wanted = policy.minReplicas() + random.nextInt(policy.maxReplicas() - policy.minReplicas() + 1);
            Instant now = NOON;
            for (int tick = 0; tick < TICKS; tick++) {
                now = now.plusMillis(random.nextInt(4) == 0 ? random.nextInt(60_000) : 15_000);
                TargetObservation seen = anyObservation(policy, wanted, false, now);
                TargetOutcome outcome = TargetDecider.decide(policy, seen, history, now);
                PlainHpa.Result expected = plain.decide(seen, now);
                if (!agree(outcome, expected)) {
                    assertThat(outcome)
                            .as("seed %d, life %d, tick %d: %s sees %s", SEED, i, tick, policy, seen)
                            .hasToString(expected.toString());
                }
                // sometimes somebody else changes the count, or the change is not made
                int to = random.nextInt(10) == 0 ? random.nextInt(policy.maxReplicas() + 2) : outcome.target();
                history = outcome.next().applied(wanted, to, now);
                plain.rescaled(wanted, to, now);
                wanted = to;
            }
        }
    }

    private static boolean agree(TargetOutcome outcome, PlainHpa.Result expected) {
        boolean agree = outcome.raw() == expected.raw()
                && outcome.stabilized() == expected.stabilized()
                && outcome.limited() == expected.rateLimited()
                && outcome.target() == expected.bounded()
                && outcome.ableToScale().equals(expected.able())
                && outcome.scalingLimited().orElse("").equals(expected.limited())
                && outcome.proposals().size() == expected.proposals().size();
        for (int i = 0; agree && i < outcome.proposals().size(); i++) {
            MetricProposal one = outcome.proposals().get(i);
            PlainHpa.Proposal other = expected.proposals().get(i);
            agree = one.usable() == other.usable()
                    && (!one.usable()
                            || (one.replicas() == other.replicas()
                                    && one.current() == other.current()
                                    && one.average() == other.average()
                                    && Double.compare(one.ratio(), other.ratio()) == 0
                                    && Double.compare(one.adjustedRatio(), other.again()) == 0
                                    && one.counted() == other.ready()
                                    && one.unready() == other.unready()
                                    && one.missing() == other.missing()));
        }
        return agree;
    }

    private TargetPolicy anyPolicy() {
        List<TargetMetric> metrics = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            metrics.add(anyMetric("m" + i));
        }
        boolean ofTheWhole = metrics.stream()
                .anyMatch(m -> m instanceof TargetMetric.Value || m instanceof TargetMetric.ValuePerReplica);
        int min = random.nextInt(4) + (ofTheWhole ? 0 : 1);
        int max = Math.max(1, min + random.nextInt(random.nextInt(10) == 0 ? 100_000 : 20));
        TargetPolicy policy = TargetPolicy.of(metrics, min, max)
                .with(anyRules(random.nextInt(4) * 30L), anyRules(random.nextInt(6) * 60L))
                .with(metrics, new TargetPolicy.StartUp(Duration.ofSeconds(120), Duration.ofSeconds(10)));
        return random.nextInt(4) == 0 ? policy.asWithoutBehavior() : policy;
    }

    private TargetMetric anyMetric(String name) {
        long milli = random.nextInt(12) == 0 ? Math.max(1, anyEdge()) : 1 + random.nextInt(3_000);
        return switch (random.nextInt(4)) {
            case 0 ->
                new TargetMetric.Utilization(
                        name, 1 + random.nextInt(random.nextInt(5) == 0 ? 400 : 100), random.nextBoolean());
            case 1 -> new TargetMetric.PerReplica(name, milli, random.nextBoolean());
            case 2 -> new TargetMetric.Value(name, milli);
            default -> new TargetMetric.ValuePerReplica(name, milli);
        };
    }

    private ScalingRules anyRules(long window) {
        List<ScalingRules.Limit> limits = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            boolean percent = random.nextBoolean();
            limits.add(new ScalingRules.Limit(
                    percent ? ScalingRules.Unit.PERCENT : ScalingRules.Unit.REPLICAS,
                    1 + random.nextInt(percent ? 200 : 6),
                    Duration.ofSeconds(15L * (1 + random.nextInt(5)))));
        }
        double[] tolerances = {0.1, 0.1, 0, 0.05, 0.2, 0.5, 1.5, random.nextDouble()};
        return new ScalingRules(
                Duration.ofSeconds(window),
                limits,
                random.nextInt(12) == 0
                        ? ScalingRules.Select.DISABLED
                        : random.nextInt(3) > 0 ? ScalingRules.Select.MAX : ScalingRules.Select.MIN,
                tolerances[random.nextInt(tolerances.length)]);
    }

    private TargetObservation anyObservation(TargetPolicy policy, int wanted, boolean odd, Instant now) {
        int count = random.nextInt(4) == 0 ? random.nextInt(9) : Math.min(wanted, MOST_REPLICAS);
        int present = random.nextInt(4) == 0 ? random.nextInt(9) : wanted;
        List<ReplicaFacts> replicas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replicas.add(random.nextInt(3) == 0 ? anyReplica("r" + i, now) : settled("r" + i, now));
        }
        List<MetricObservation> readings = new ArrayList<>();
        for (TargetMetric metric : policy.metrics()) {
            readings.add(anyReading(metric, replicas, odd, now));
        }
        return TargetObservation.of(SHOP, wanted, present, replicas, readings);
    }

    private static ReplicaFacts settled(String id, Instant now) {
        return new ReplicaFacts(
                id,
                ReplicaFacts.Phase.RUNNING,
                Optional.of(now.minusSeconds(3_600)),
                Optional.of(new ReplicaFacts.Readiness(true, now.minusSeconds(3_500))));
    }

    private ReplicaFacts anyReplica(String id, Instant now) {
        ReplicaFacts.Phase[] phases = ReplicaFacts.Phase.values();
        Instant start = now.minusSeconds(new long[] {0, 30, 119, 120, 121, 600}[random.nextInt(6)]);
        Instant since = start.plusSeconds(new long[] {0, 9, 10, 11, 60}[random.nextInt(5)]);
        return new ReplicaFacts(
                id,
                random.nextBoolean() ? ReplicaFacts.Phase.RUNNING : phases[random.nextInt(phases.length)],
                random.nextInt(8) == 0 ? Optional.empty() : Optional.of(start),
                random.nextInt(8) == 0
                        ? Optional.empty()
                        : Optional.of(
                                random.nextInt(6) == 0
                                        ? ReplicaFacts.Readiness.lost(since)
                                        : new ReplicaFacts.Readiness(random.nextBoolean(), since)));
    }

    private MetricObservation anyReading(TargetMetric metric, List<ReplicaFacts> replicas, boolean odd, Instant now) {
        if (random.nextInt(15) == 0) {
            return new MetricObservation.Failed("no answer");
        }
        if (metric instanceof TargetMetric.Value target) {
            return new MetricObservation.Whole(near(target.milli(), 1, odd), now);
        }
        if (metric instanceof TargetMetric.ValuePerReplica target) {
            return new MetricObservation.Whole(near(target.milli(), Math.max(1, replicas.size()), odd), now);
        }
        List<ReplicaSample> samples = new ArrayList<>();
        int gaps = random.nextInt(4) == 0 ? 3 : 40;
        for (int i = 0; i < replicas.size(); i++) {
            long request = odd && random.nextInt(12) == 0 ? anyEdge() : 1_000;
            long target = metric instanceof TargetMetric.Utilization utilization
                    ? utilization.percent() * 10L
                    : ((TargetMetric.PerReplica) metric).milli();
            samples.add(
                    random.nextInt(gaps) == 0
                            ? new ReplicaSample.Missing(request)
                            : new ReplicaSample.Measured(
                                    near(target, 1, odd),
                                    request,
                                    now.minusSeconds(random.nextInt(3) * 15L),
                                    Duration.ofSeconds(15 + random.nextInt(3) * 15L)));
        }
        return new MetricObservation.PerReplica(samples);
    }

    /** Something around a target, so that tolerance matters, or an edge. */
    private long near(long target, int times, boolean odd) {
        if (odd && random.nextInt(6) == 0) {
            return anyEdge();
        }
        double[] ratios = {0, 0.5, 0.89, 0.9, 0.95, 1, 1.05, 1.1, 1.11, 1.5, 2, 4};
        return Math.round(target * ratios[random.nextInt(ratios.length)] * times) + random.nextInt(3) - 1;
    }

    private long anyEdge() {
        return EDGES[random.nextInt(EDGES.length)];
    }

    private TargetHistory anyHistory(TargetPolicy policy, PlainHpa plain) {
        List<TargetHistory.Change> recommended = new ArrayList<>();
        List<TargetHistory.Change> added = new ArrayList<>();
        List<TargetHistory.Change> removed = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ScalingRules rules = random.nextBoolean() ? policy.up() : policy.down();
            TargetHistory.Change change = anyChange(rules.stabilizationWindow());
            recommended.add(change);
            plain.remember(change.replicas(), change.at());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            boolean up = random.nextBoolean();
            List<ScalingRules.Limit> limits = (up ? policy.up() : policy.down()).limits();
            TargetHistory.Change change =
                    anyChange(limits.get(random.nextInt(limits.size())).period());
            (up ? added : removed).add(change);
            if (up) {
                plain.rememberUp(change.replicas(), change.at());
            } else {
                plain.rememberDown(change.replicas(), change.at());
            }
        }
        return new TargetHistory(recommended, added, removed, Optional.empty());
    }

    /** Exactly so old, a little more, a little less, or anything. */
    private TargetHistory.Change anyChange(Duration age) {
        Instant exactly = NOON.minus(age);
        Instant at = switch (random.nextInt(4)) {
            case 0 -> exactly;
            case 1 -> exactly.plusNanos(1);
            case 2 -> exactly.minusNanos(1);
            default -> NOON.minusSeconds(random.nextInt(400));
        };
        return new TargetHistory.Change(at, random.nextInt(20));
    }
}
