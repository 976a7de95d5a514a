// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import java.time.Duration;

/**
 * How long to wait before the next attempt: doubling from one second to five minutes, or as long as the other side asks
 * for if that is longer.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Backoff() {}

    /** The wait after the given number of failed attempts, 1 or more, honouring a wait that was asked for. */
    static Duration after(int attempts, Duration asked) {
        int doublings = Math.min(attempts - 1, 20);
        Duration own = FIRST.multipliedBy(1L << doublings);
        Duration capped = own.compareTo(LONGEST) < 0 ? own : LONGEST;
        return asked.compareTo(capped) > 0 ? asked : capped;
    }
}
