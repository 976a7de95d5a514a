// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

/** What happens to scaling while a rollout is open. */
public enum RolloutRule {
    /** Nothing is known of rollouts: every replica counts, of whatever version. */
    IGNORE,
    /** The load of both versions counts, against the replicas of one; while traffic shifts nothing changes. */
    COUNT_ONCE,
    /** Nothing changes until it is over. */
    HOLD
}
