// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.HyperionException;
import java.time.Instant;
import java.util.Objects;

/**
 * What somebody wants for a while instead of what the policy decides. After it has expired it does nothing.
 *
 * <p>Thread-safety: immutable.
 *
 * @param kind what is wanted
 * @param replicas how many replicas, if pinned: 0 or more; else 0
 * @param who who wants it
 * @param why one line
 * @param expiresAt from then on it does nothing
 */
public record ScaleOverride(Kind kind, int replicas, String who, String why, Instant expiresAt) {
    /** What somebody may want, in the order in which several at once apply: the last one has the last word. */
    public enum Kind {
        /** So many replicas, within the bounds, whatever cooldowns and limits say. */
        PINNED,
        /** Never fewer than there are. */
        UP_ONLY,
        /** Never more than there are. */
        DOWN_ONLY,
        /** No change at all, but out of bounds is corrected. */
        PAUSE
    }

    /**
     * Checks the numbers.
     *
     * @throws HyperionException if who or why is empty, or replicas are negative, or given without being pinned
     */
    public ScaleOverride {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(expiresAt, "expiresAt");
        if (who.isBlank() || why.isBlank()) {
            throw new HyperionException("override has who '" + who + "' and why '" + why + "'; expected both");
        }
        if (replicas < 0 || (kind != Kind.PINNED && replicas != 0)) {
            throw new HyperionException("override has replicas " + replicas + "; expected "
                    + (kind == Kind.PINNED ? "0 or more" : "none, since it pins nothing"));
        }
    }

    /**
     * An override that only says what is not to be done.
     *
     * @param kind other than pinned
     * @param who who wants it
     * @param why one line
     * @param expiresAt from then on it does nothing
     * @return the override
     */
    public static ScaleOverride of(Kind kind, String who, String why, Instant expiresAt) {
        return new ScaleOverride(kind, 0, who, why, expiresAt);
    }

    /**
     * Whether it counts at a time.
     *
     * @param now the time
     * @return true before it expires
     */
    public boolean activeAt(Instant now) {
        return now.isBefore(expiresAt);
    }

    String told() {
        String what = switch (kind) {
            case PINNED -> "pinned to " + replicas + " replicas";
            case UP_ONLY -> "more replicas only";
            case DOWN_ONLY -> "fewer replicas only";
            case PAUSE -> "paused";
        };
        return what + " by " + who + " until " + expiresAt + " (" + why + ")";
    }
}
