// SPDX-License-Identifier: Apache-2.0
/**
 * Scaling: policies, decisions that explain themselves, and the interface of the autoscaler. Values are immutable.
 */
@NullMarked
package dev.hyperion.autoscale;

import org.jspecify.annotations.NullMarked;
