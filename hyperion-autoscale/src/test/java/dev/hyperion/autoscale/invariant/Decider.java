// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.autoscale.stage.StagedOutcome;
import java.time.Instant;

/** What is put to the test: ours, or one that is wrong in one way. */
@FunctionalInterface
interface Decider {
    StagedOutcome decide(
            ScalingPolicy policy, StageSettings settings, StagedObservation seen, StagedHistory history, Instant now);
}
