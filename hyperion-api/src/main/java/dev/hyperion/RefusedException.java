// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.util.List;

/**
 * The request was understood and is not carried out: the world drifted since the plan, a rollout is already open, a
 * version is unknown. Nothing was changed.
 *
 * <p>Thread-safety: immutable.
 */
public final class RefusedException extends HyperionException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> reasons;

    /**
     * A refusal for one reason.
     *
     * @param message one line: what was refused, why, and what to do next
     */
    public RefusedException(String message) {
        this(message, List.of());
    }

    /**
     * A refusal with its differences.
     *
     * @param message one line: what was refused, why, and what to do next
     * @param reasons each difference or condition that led to the refusal, one line each; may be empty
     */
    public RefusedException(String message, List<String> reasons) {
        super(message);
        this.reasons = List.copyOf(reasons);
    }

    /**
     * The single differences behind the refusal.
     *
     * @return one line each; empty when the message says it all
     */
    public List<String> reasons() {
        return reasons == null ? List.of() : reasons;
    }
}
