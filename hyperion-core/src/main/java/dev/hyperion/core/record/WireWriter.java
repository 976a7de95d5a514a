// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that grow as they are written: fixed-width numbers big-endian, others in seven bits per byte, low bits first.
 *
 * <p>Thread-safety: confined to the thread that writes.
 */
public final class WireWriter {
    private byte[] bytes;
    private int size;

    /**
     * Starts with nothing written.
     *
     * @param expected how many bytes fit before the first growth
     */
    public WireWriter(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    /**
     * Writes the low eight bits.
     *
     * @param value any value
     */
    public void octet(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    /**
     * Writes four bytes.
     *
     * @param value any value
     */
    public void int32(int value) {
        ensure(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /**
     * Writes eight bytes.
     *
     * @param value any value
     */
    public void int64(long value) {
        int32((int) (value >>> 32));
        int32((int) value);
    }

    /**
     * Writes eight bytes.
     *
     * @param value any value
     */
    public void float64(double value) {
        int64(Double.doubleToRawLongBits(value));
    }

    /**
     * Writes one to ten bytes, the fewer the smaller.
     *
     * @param value read as unsigned
     */
    public void varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /**
     * Writes a number of either sign, one byte for those next to zero.
     *
     * @param value any value
     */
    public void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }

    /**
     * Writes the bytes as they are.
     *
     * @param more what to write
     */
    public void octets(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    /**
     * Writes a text with its length before it.
     *
     * @param text any text
     */
    public void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        octets(utf8);
    }

    /**
     * Returns how many bytes were written.
     *
     * @return the length of {@link #toBytes()}
     */
    public int size() {
        return size;
    }

    /**
     * Copies what was written.
     *
     * @return the bytes
     */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
