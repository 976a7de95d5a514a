// SPDX-License-Identifier: Apache-2.0
/**
 * Trying policies on yesterday's traffic: traces, the simulator over the same decision code that acts on real replicas, and
 * the lint that finds policies that cannot work.
 */
@NullMarked
package dev.hyperion.autoscale.simulate;

import org.jspecify.annotations.NullMarked;
