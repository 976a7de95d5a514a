// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.time.Duration;
import java.util.Objects;

/** What became of an event. */
public sealed interface Delivery {
    /** It arrived. Thread-safety: immutable. */
    record Delivered() implements Delivery {}

    /**
     * It did not arrive and may be sent again.
     *
     * <p>Thread-safety: immutable.
     *
     * @param after not before so long; zero if the receiver did not say
     * @param why one line
     */
    record Retry(Duration after, String why) implements Delivery {
        /** Checks that nothing is null. */
        public Retry {
            Objects.requireNonNull(after, "after");
            Objects.requireNonNull(why, "why");
        }
    }

    /**
     * The receiver does not want it, now or later.
     *
     * <p>Thread-safety: immutable.
     *
     * @param why one line
     */
    record Rejected(String why) implements Delivery {
        /** Checks that nothing is null. */
        public Rejected {
            Objects.requireNonNull(why, "why");
        }
    }
}
