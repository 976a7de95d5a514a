// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.judge;

import java.util.Objects;

/** What is thought of a new version. */
public sealed interface Verdict {
    /**
     * It is good enough: watched for long enough, with enough requests, and no limit broken.
     *
     * <p>Thread-safety: immutable.
     *
     * @param because one line
     */
    record Pass(String because) implements Verdict {
        /** Checks that nothing is null. */
        public Pass {
            Objects.requireNonNull(because, "because");
        }
    }

    /**
     * It is bad.
     *
     * <p>Thread-safety: immutable.
     *
     * @param because one line, with the figures
     */
    record Fail(String because) implements Verdict {
        /** Checks that nothing is null. */
        public Fail {
            Objects.requireNonNull(because, "because");
        }
    }

    /**
     * Not known yet.
     *
     * <p>Thread-safety: immutable.
     *
     * @param because one line: what is missing
     */
    record Undecided(String because) implements Verdict {
        /** Checks that nothing is null. */
        public Undecided {
            Objects.requireNonNull(because, "because");
        }
    }

    /**
     * It could not be found out in the time that there was; people must decide.
     *
     * <p>Thread-safety: immutable.
     *
     * @param because one line: what is missing
     */
    record GiveUp(String because) implements Verdict {
        /** Checks that nothing is null. */
        public GiveUp {
            Objects.requireNonNull(because, "because");
        }
    }
}
