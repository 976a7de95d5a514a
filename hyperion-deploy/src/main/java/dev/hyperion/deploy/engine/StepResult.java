// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import java.time.Duration;
import java.util.Optional;

/** What came of looking at a step once. */
sealed interface StepResult {
    /** What the step wants is so. */
    record Done() implements StepResult {}

    /**
     * Not yet; the next look may find it.
     *
     * @param why what is waited for
     * @param remaining how long at least, if known
     */
    record Waiting(String why, Optional<Duration> remaining) implements StepResult {
        Waiting(String why) {
            this(why, Optional.empty());
        }
    }

    /**
     * It will not come about.
     *
     * @param why one line, with everything that helps
     */
    record Failed(String why) implements StepResult {}

    /**
     * Nobody can tell; people must decide.
     *
     * @param why one line
     */
    record Undecidable(String why) implements StepResult {}
}
