// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

import dev.hyperion.autoscale.PolicyFinding;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.simulate.PolicyLint;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.autoscale.stage.StagedOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;

/** A load that does not change, under policies that lint passes: after a while no action may go against the one before. */
final class ConstantLoad {
    private static final Instant BEGIN = Instant.parse("2026-01-01T12:00:00Z");
    private static final int TICKS = 240;

    private ConstantLoad() {}

    static void threshold(Decider decider, Random random) {
        ThresholdPolicy policy = ThresholdLife.anyPolicy(random);
        if (flaps(policy)) {
            return;
        }
        double load = random.nextDouble() * policy.maxReplicas();
        settle(
                decider,
                policy,
                policy.minReplicas() + random.nextInt(policy.maxReplicas() - policy.minReplicas() + 1),
                replicas -> ThresholdLife.reading(replicas, load / replicas * 60, Duration.ZERO),
                load);
    }

    static void target(Decider decider, Random random) {
        TargetPolicy policy = TargetLife.anyPolicy(random);
        if (flaps(policy)) {
            return;
        }
        double load = random.nextDouble() * policy.maxReplicas();
        ReplicaFacts ready = new ReplicaFacts(
                "r",
                ReplicaFacts.Phase.RUNNING,
                Optional.of(BEGIN.minusSeconds(9_999)),
                Optional.of(new ReplicaFacts.Readiness(true, BEGIN.minusSeconds(9_999))));
        settle(
                decider,
                policy,
                policy.minReplicas(),
                replicas -> {
                    List<ReplicaFacts> all = Collections.nCopies(replicas, ready);
                    return TargetObservation.of(
                            Life.SHOP,
                            replicas,
                            replicas,
                            all,
                            policy.metrics().stream()
                                    .map(metric -> TargetLife.reading(metric, load, all, BEGIN))
                                    .toList());
                },
                load);
    }

    private static boolean flaps(ScalingPolicy policy) {
        return PolicyLint.lint(policy).stream().anyMatch(finding -> finding.level() == PolicyFinding.Level.ERROR);
    }

    private static void settle(
            Decider decider, ScalingPolicy policy, int from, IntFunction<ScalingObservation> seen, double load) {
        StagedHistory history = StagedHistory.none(policy);
        int replicas = from;
        int direction = 0;
        for (int tick = 0; tick < TICKS; tick++) {
            Instant now = BEGIN.plusSeconds(tick * 15L);
            StagedOutcome outcome = decider.decide(
                    policy, StageSettings.NONE, StagedObservation.of(seen.apply(replicas)), history, now);
            int turn = Integer.signum(outcome.target() - replicas);
            Broken.unless(
                    tick < TICKS / 2 || turn == 0 || turn == direction || direction == 0,
                    Invariant.NO_FLAP,
                    () -> "load " + load + ", " + outcome + ", " + policy);
            direction = turn == 0 ? direction : turn;
            history = outcome.next().applied(replicas, outcome.target(), now);
            replicas = outcome.target();
        }
    }
}
