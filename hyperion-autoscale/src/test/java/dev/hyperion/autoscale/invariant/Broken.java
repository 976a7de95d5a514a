// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

import java.util.function.Supplier;

/** An invariant that did not hold, and where. */
final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final Invariant invariant;

    Broken(Invariant invariant, String where) {
        super(invariant + ": " + where);
        this.invariant = invariant;
    }

    static void unless(boolean holds, Invariant invariant, Supplier<String> where) {
        if (!holds) {
            throw new Broken(invariant, where.get());
        }
    }
}
