// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.policy.ScalingHistory;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.autoscale.stage.StagedOutcome;
import dev.hyperion.autoscale.stage.Stages;
import dev.hyperion.autoscale.stage.TurningPoints;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One decision with everything that it rested on. Its JSON can be decided again by {@link #replay}, and gives the same bytes.
 *
 * <p>Thread-safety: immutable.
 *
 * @param policy the policy
 * @param settings what stood around it
 * @param observation what there was
 * @param history what was remembered
 * @param now the time of the decision
 * @param outcome what was decided, stage by stage
 * @param decision the same for people
 */
public record DecisionRecord(
        ScalingPolicy policy,
        StageSettings settings,
        StagedObservation observation,
        StagedHistory history,
        Instant now,
        StagedOutcome outcome,
        ScaleDecision decision) {
    /** Checks that nothing is null. */
    public DecisionRecord {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(observation, "observation");
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(decision, "decision");
    }

    /**
     * Decides, and keeps all of it.
     *
     * @param policy the policy
     * @param settings what stands around it
     * @param observation what there is; of the policy's kind
     * @param history what is remembered; of the policy's kind
     * @param now the time of the decision
     * @return the decision with everything that it rested on
     * @throws IllegalArgumentException if observation or history are of another kind than the policy
     */
    public static DecisionRecord decide(
            ScalingPolicy policy,
            StageSettings settings,
            StagedObservation observation,
            StagedHistory history,
            Instant now) {
        StagedOutcome outcome = Stages.decide(policy, settings, observation, history, now);
        return new DecisionRecord(
                policy,
                settings,
                observation,
                history,
                now,
                outcome,
                Stages.explain(settings, observation, history, outcome, now));
    }

    /**
     * Decides with nothing around the policy, and keeps all of it.
     *
     * @param policy the policy
     * @param observation what there is; of the policy's kind
     * @param history what is remembered; of the policy's kind
     * @param now the time of the decision
     * @return the decision with everything that it rested on
     * @throws IllegalArgumentException if observation or history are of another kind than the policy
     */
    public static DecisionRecord decide(
            ScalingPolicy policy, ScalingObservation observation, ScalingHistory history, Instant now) {
        return decide(
                policy,
                StageSettings.NONE,
                StagedObservation.of(observation),
                new StagedHistory(history, List.of()),
                now);
    }

    /**
     * What would have made the decision another one.
     *
     * @return one line each, such as {@code would scale up above 75}
     */
    public List<String> turningPoints() {
        return TurningPoints.of(settings, history, outcome, now);
    }

    /**
     * Writes the record.
     *
     * @return JSON on one line; equal records give equal bytes
     */
    public String toJson() {
        return RecordJson.write(this);
    }

    /**
     * Decides again what a record says was decided.
     *
     * @param json what {@link #toJson} wrote
     * @return the record of the decision as this code makes it; its JSON is the same unless the code decides otherwise
     * @throws IllegalArgumentException if it is no such record
     */
    public static DecisionRecord replay(String json) {
        return RecordJson.replay(json);
    }

    /**
     * What a record says was decided, whatever this code would decide.
     *
     * @param json what {@link #toJson} wrote
     * @return the decision as it was made
     * @throws IllegalArgumentException if it is no such record
     */
    public static ScaleDecision decided(String json) {
        return RecordJson.decided(json);
    }
}
