// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

/** What must hold at every tick, whatever the policy, the load, the faults and the clock. */
enum Invariant {
    /** Within the bounds in force, unless scaling is switched off or held. */
    BOUNDS,
    /** No step sooner than its cooldown after the one before, or its stabilization window, but for jumps of the clock. */
    COOLDOWN,
    /** Never down on missing, stale, NaN, failed or suspiciously zero data. */
    NEVER_DOWN_ON_BAD_DATA,
    /** More load never means fewer replicas. */
    MONOTONE,
    /** A history that went through its JSON gives the same decision and the same memory. */
    RESTART,
    /** Deciding twice gives the same and changes nothing. */
    PURE,
    /** At most one step, in one direction. */
    ONE_ACTION,
    /** At constant load a policy that lint passes comes to rest. */
    NO_FLAP
}
