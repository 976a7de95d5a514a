// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import dev.hyperion.HyperionException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a {@link WireWriter} wrote, and trusts none of it: whatever does not fit is a {@link HyperionException} that
 * names what was read and the byte, and nothing is allocated for a length before the bytes are seen to be there.
 *
 * <p>Thread-safety: confined to the thread that reads.
 */
public final class WireReader {
    private final String what;
    private final byte[] bytes;
    private final int end;
    private int at;

    /**
     * Starts at the first byte.
     *
     * @param what what is read, for errors, such as {@code histogram}
     * @param bytes what to read
     */
    public WireReader(String what, byte[] bytes) {
        this(what, bytes, 0, bytes.length);
    }

    /**
     * Starts somewhere within.
     *
     * @param what what is read, for errors
     * @param bytes where it is
     * @param from the first byte
     * @param end the byte after the last
     */
    public WireReader(String what, byte[] bytes, int from, int end) {
        this.what = what;
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    private void need(int more) {
        if (more < 0 || end - at < more) {
            throw wrong("ends after " + (end - at) + " more bytes; expected " + (more & 0xFFFF_FFFFL));
        }
    }

    /**
     * Returns an error that names what is read and where.
     *
     * @param why what is wrong there
     * @return to be thrown
     */
    public HyperionException wrong(String why) {
        return new HyperionException(what + " cannot be read at byte " + at + ": it " + why);
    }

    /**
     * Reads eight bits.
     *
     * @return 0 to 255
     */
    public int octet() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    /**
     * Reads four bytes.
     *
     * @return any value
     */
    public int int32() {
        need(4);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | (bytes[at++] & 0xFF);
        }
        return value;
    }

    /**
     * Reads eight bytes.
     *
     * @return any value
     */
    public long int64() {
        long high = int32();
        return high << 32 | (int32() & 0xFFFF_FFFFL);
    }

    /**
     * Reads eight bytes.
     *
     * @return any value, also one that is not finite
     */
    public double float64() {
        return Double.longBitsToDouble(int64());
    }

    /**
     * Reads a number in seven bits per byte.
     *
     * @return 0 or more
     */
    public long varint() {
        long value = unsigned();
        if (value < 0) {
            throw wrong("holds a number beyond 2^63 where a count or length belongs");
        }
        return value;
    }

    private long unsigned() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = octet();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw wrong("holds a number of more than 64 bits");
    }

    /**
     * Reads a number of either sign.
     *
     * @return any value
     */
    public long zigzag() {
        long value = unsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    /**
     * Reads a length or number of elements.
     *
     * @param bytesEach what each element takes at least, 1 or more
     * @return not more than can still follow
     */
    public int length(int bytesEach) {
        long length = varint();
        if (length > (end - at) / bytesEach) {
            throw wrong("promises " + length + " elements, and only " + (end - at) + " bytes are left");
        }
        return (int) length;
    }

    /**
     * Reads bytes as they are.
     *
     * @param length how many
     * @return a copy
     */
    public byte[] octets(int length) {
        need(length);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /**
     * Reads a text with its length before it.
     *
     * @return the text
     */
    public String text() {
        return new String(octets(length(1)), StandardCharsets.UTF_8);
    }

    /**
     * Returns what is left.
     *
     * @return in bytes
     */
    public int left() {
        return end - at;
    }

    /** Checks that nothing is left. */
    public void requireEnd() {
        if (at != end) {
            throw wrong("has " + (end - at) + " bytes too many");
        }
    }
}
