// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One entry of a journal. Each carries the hash of the one before, so that a changed or missing entry shows.
 *
 * <p>Thread-safety: immutable.
 *
 * @param seq its place in the stream, counted from 1 without gaps
 * @param epoch the epoch of the leader who wrote it, 0 or more
 * @param type what happened, such as {@code step.intent}
 * @param schemaVersion the form of its data, 1 or more
 * @param at when it was written, to the millisecond
 * @param who the person or system behind it
 * @param prevHash the hash of the entry before; {@link #GENESIS} for the first
 * @param data a JSON object
 */
public record JournalEvent(
        long seq, long epoch, String type, int schemaVersion, Instant at, String who, String prevHash, String data) {
    /** What the first entry has in place of a hash. */
    public static final String GENESIS = "0".repeat(64);

    /**
     * Checks the numbers and cuts the time to milliseconds.
     *
     * @throws IllegalArgumentException if seq or schemaVersion is less than 1, or the epoch is negative
     */
    public JournalEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(who, "who");
        Objects.requireNonNull(prevHash, "prevHash");
        Objects.requireNonNull(data, "data");
        if (seq < 1 || epoch < 0 || schemaVersion < 1) {
            throw new IllegalArgumentException(
                    "journal entry has seq " + seq + ", epoch " + epoch + ", schemaVersion " + schemaVersion);
        }
        at = Instant.ofEpochMilli(at.toEpochMilli());
    }

    /**
     * The hash of this entry: SHA-256 over its parts, each preceded by its length.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public String hash() {
        StringBuilder text = new StringBuilder(256);
        for (Object part : new Object[] {seq, epoch, type, schemaVersion, at.toEpochMilli(), who, prevHash}) {
            String value = part.toString();
            text.append(value.length()).append(':').append(value);
        }
        text.append(data.length()).append(':');
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
            // the data is long, and thousands of entries may come each second: it is not copied once more
            return HexFormat.of().formatHex(digest.digest(data.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Whether this entry follows another.
     *
     * @param before the entry before it
     * @return true if number and hash fit
     */
    public boolean follows(JournalEvent before) {
        return seq == before.seq + 1 && prevHash.equals(before.hash());
    }
}
