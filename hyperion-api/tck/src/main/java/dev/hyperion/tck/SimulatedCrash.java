// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

/** The simulated process was killed at this point. An error, so that nothing that handles failures handles it. */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1L;

    /**
     * A crash.
     *
     * @param where what was being done
     */
    public SimulatedCrash(String where) {
        super("killed " + where);
    }
}
