// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import org.jspecify.annotations.Nullable;

/**
 * A plugin, or what it talks to, failed. Engines treat the answer as missing, never as zero or success.
 *
 * <p>Thread-safety: immutable.
 */
public final class PluginException extends HyperionException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    /**
     * A failure without a cause below it.
     *
     * @param message one line: the thing, the value, what was expected, what to do next
     * @param retryable whether the same request may succeed later without anybody changing anything
     */
    public PluginException(String message, boolean retryable) {
        this(message, retryable, null);
    }

    /**
     * A failure with its cause.
     *
     * @param message one line: the thing, the value, what was expected, what to do next
     * @param retryable whether the same request may succeed later without anybody changing anything
     * @param cause what went wrong below, or null
     */
    public PluginException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /**
     * Whether the same request may succeed later without anybody changing anything.
     *
     * @return true for time-outs and unreachable peers, false for requests that are wrong in themselves
     */
    public boolean retryable() {
        return retryable;
    }
}
