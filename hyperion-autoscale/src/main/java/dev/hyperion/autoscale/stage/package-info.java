// SPDX-License-Identifier: Apache-2.0
/**
 * What stands around a policy's decision: guards against bad data, schedules, overrides, rollouts and starting replicas. Pure
 * functions; their door is {@link dev.hyperion.autoscale.stage.Stages}.
 */
@NullMarked
package dev.hyperion.autoscale.stage;

import org.jspecify.annotations.NullMarked;
