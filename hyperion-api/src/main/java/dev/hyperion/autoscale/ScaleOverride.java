// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.HyperionException;
import java.time.Instant;
import java.util.Locale;
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
 * @param origin where it was said
 */
public record ScaleOverride(Kind kind, int replicas, String who, String why, Instant expiresAt, Origin origin) {
    /** What somebody may want, in the order in which several at once apply: the last one has the last word. */
    public enum Kind {
        /** So many replicas, within the bounds, whatever cooldowns and limits say. */
        PINNED,
        /** Never fewer than there are. */
        UP_ONLY,
        /** Never more than there are. */
        DOWN_ONLY,
        /** No change at all, but out of bounds is corrected. */
        PAUSE;

        /**
         * The kind as configurations, JSON and the command line have it.
         *
         * @return such as {@code up-only}
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /**
         * Reads a kind.
         *
         * @param word what {@link #word} returns
         * @return the kind
         * @throws HyperionException if there is no such kind; the message names them all
         */
        public static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            throw new HyperionException(
                    "kind of the override is '" + word + "'; expected pause, up-only, down-only or pinned");
        }
    }

    /** Where an override was said. */
    public enum Origin {
        /** In the configuration. */
        CONFIG,
        /** To the running instance: by command line, HTTP or code. */
        OPERATOR
    }

    /**
     * Checks the numbers.
     *
     * @throws HyperionException if who or why is empty, or replicas are negative, or given without being pinned
     */
    public ScaleOverride {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(expiresAt, "expiresAt");
        Objects.requireNonNull(origin, "origin");
        if (who.isBlank() || why.isBlank()) {
            throw new HyperionException("override has who '" + who + "' and why '" + why + "'; expected both");
        }
        if (replicas < 0 || (kind != Kind.PINNED && replicas != 0)) {
            throw new HyperionException("override has replicas " + replicas + "; expected "
                    + (kind == Kind.PINNED ? "0 or more" : "none, since it pins nothing"));
        }
    }

    /**
     * An override as an operator says it to a running instance.
     *
     * @param kind what is wanted
     * @param replicas how many replicas, if pinned: 0 or more; else 0
     * @param who who wants it
     * @param why one line
     * @param expiresAt from then on it does nothing
     * @throws HyperionException if who or why is empty, or replicas are negative, or given without being pinned
     */
    public ScaleOverride(Kind kind, int replicas, String who, String why, Instant expiresAt) {
        this(kind, replicas, who, why, expiresAt, Origin.OPERATOR);
    }

    /**
     * An override that only says what is not to be done, as an operator says it to a running instance.
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

    /**
     * The override for people.
     *
     * @return such as {@code pinned to 6 replicas by ada until 2026-12-01T06:00:00Z (sale)}
     */
    public String told() {
        String what = switch (kind) {
            case PINNED -> "pinned to " + replicas + " replicas";
            case UP_ONLY -> "more replicas only";
            case DOWN_ONLY -> "fewer replicas only";
            case PAUSE -> "paused";
        };
        return what + " by " + who + " until " + expiresAt + " (" + why + ")";
    }
}
