// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ReasonCode;
import java.util.List;

/** The numbers of a decision, stage by stage, before anybody is told why. */
public sealed interface ScalingOutcome permits ThresholdOutcome, TargetOutcome {
    /**
     * How many replicas there should have been until now.
     *
     * @return 0 or more
     */
    int wanted();

    /**
     * How many the metrics alone ask for.
     *
     * @return the count that was there if none may be followed
     */
    int raw();

    /**
     * The decision.
     *
     * @return how many replicas there should be
     */
    int target();

    /**
     * Why, the deciding reason first.
     *
     * @return at least one
     */
    List<ReasonCode> reasons();

    /**
     * What to remember from now on, whether or not the decision is applied. Once it is, {@link ScalingHistory#applied}
     * follows.
     *
     * @return of the policy's kind
     */
    ScalingHistory next();
}
