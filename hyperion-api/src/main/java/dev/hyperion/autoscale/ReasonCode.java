// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.Locale;

/** Why a decision is as it is. Codes are stable: they appear in records, metrics and JSON. */
public enum ReasonCode {
    /** The metric is above the scale-up threshold. */
    ABOVE_SCALE_UP_THRESHOLD,
    /** The metric is below the scale-down threshold. */
    BELOW_SCALE_DOWN_THRESHOLD,
    /** The metric is at or between the thresholds. */
    WITHIN_THRESHOLDS,
    /** The largest proposal is more than there is. */
    ABOVE_TARGET,
    /** Every metric proposes less than there is. */
    BELOW_TARGET,
    /** The metric proposes what there is. */
    AT_TARGET,
    /** The metric is near enough to its target. HPA counts that as its desired count. */
    WITHIN_TOLERANCE,
    /** A recent recommendation was lower. HPA: {@code ScaleUpStabilized}. */
    SCALE_UP_STABILIZED,
    /** A recent recommendation was higher. HPA: {@code ScaleDownStabilized}. */
    SCALE_DOWN_STABILIZED,
    /** Replicas may not come faster. HPA: {@code ScaleUpLimit}. */
    SCALE_UP_LIMIT,
    /** Replicas may not go faster. HPA: {@code ScaleDownLimit}. */
    SCALE_DOWN_LIMIT,
    /** There are no replicas, and the lower bound is not 0: somebody switched the application off. HPA: {@code ScalingDisabled}. */
    SCALING_DISABLED,
    /** A metric failed and the others would go down. */
    DOWN_ON_PARTIAL_METRICS,
    /** The short window leads, and nothing goes down until it is calm. */
    PANIC,
    /** A larger proposal is not old enough yet. */
    SCALE_DOWN_DELAY,
    /** The metric does not exceed what wakes a resting application. */
    BELOW_ACTIVATION,
    /** There are fewer replicas than the lower bound; corrected before any metric is read. */
    BELOW_MIN_REPLICAS,
    /** There are more replicas than the upper bound; corrected before any metric is read. */
    ABOVE_MAX_REPLICAS,
    /** The step ends at the upper bound. HPA: {@code TooManyReplicas}. */
    AT_MAX_REPLICAS,
    /** The step ends at the lower bound. HPA: {@code TooFewReplicas}. */
    AT_MIN_REPLICAS,
    /** A step up was applied too short a while ago. */
    SCALE_UP_COOLDOWN,
    /** A step was applied too short a while ago to step down. */
    SCALE_DOWN_COOLDOWN,
    /** Nothing was recorded for the metric. */
    METRIC_MISSING,
    /** The metric is NaN or infinite. */
    METRIC_NOT_A_NUMBER,
    /** The reading is older than the policy allows. */
    METRIC_STALE,
    /** The metric could not be read. */
    METRIC_FAILED,
    /** The metric fell to exactly 0 while replicas serve; that is not believed for a while. */
    METRIC_SUSPICIOUS_ZERO,
    /** The metric has been unusable for so long that a fixed number of replicas stands in for it. */
    FALLBACK_REPLICAS,
    /** Earlier replicas are still starting; what they will carry is counted before more are added. */
    REPLICAS_STARTING,
    /** A schedule sets the lower bound at this hour. */
    SCHEDULED_MIN_REPLICAS,
    /** A schedule sets the upper bound at this hour. */
    SCHEDULED_MAX_REPLICAS,
    /** Somebody paused the autoscaler for a while. */
    PAUSED,
    /** Somebody allowed only more replicas for a while. */
    UP_ONLY,
    /** Somebody allowed only fewer replicas for a while. */
    DOWN_ONLY,
    /** Somebody set the number of replicas for a while. */
    PINNED,
    /** A rollout is open: the deployment manager owns the replica count until it ends. */
    ROLLOUT_IN_PROGRESS,
    /** Nothing is deployed, so there is nothing to scale. */
    NOT_DEPLOYED,
    /** An operator asked for the replica count. */
    OPERATOR_REQUEST;

    private final String code = name().toLowerCase(Locale.ROOT);

    /**
     * The code as JSON and tags have it.
     *
     * @return such as {@code above_scale_up_threshold}
     */
    public String code() {
        return code;
    }

    /**
     * Whether it says that a metric cannot be believed, for which no replica is ever removed.
     *
     * @return true for missing, NaN, stale, failed and suspiciously zero
     */
    public boolean isBadData() {
        return switch (this) {
            case METRIC_MISSING, METRIC_NOT_A_NUMBER, METRIC_STALE, METRIC_FAILED, METRIC_SUSPICIOUS_ZERO -> true;
            default -> false;
        };
    }
}
