// SPDX-License-Identifier: Apache-2.0
/**
 * The loop: reads the metric, asks {@link dev.hyperion.autoscale.policy}, applies through the deployment manager and keeps
 * a journal of what was applied. Its door is {@link dev.hyperion.autoscale.loop.PolicyAutoScalerProvider}.
 */
@NullMarked
package dev.hyperion.autoscale.loop;

import org.jspecify.annotations.NullMarked;
