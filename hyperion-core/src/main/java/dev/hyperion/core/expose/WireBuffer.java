// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Protocol buffers' wire format, as much of it as metrics need. A message within another is written in place: its length
 * comes before it and is known after it, so four bytes are left for it, which every reader takes for the same number as one
 * byte ("Encoding", developers.google.com/protocol-buffers: varints of up to ten bytes, zero groups at the end included).
 *
 * <p>Thread-safety: confined to one scrape.
 */
final class WireBuffer {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int LENGTH_BYTES = 4;

    private byte[] bytes = new byte[8_192];
    private int used;

    /** Sends everything as one message behind its length, and begins anew. */
    void sendTo(OutputStream out) throws IOException {
        int length = used;
        varint(length);
        out.write(bytes, length, used - length);
        out.write(bytes, 0, length);
        used = 0;
    }

    WireBuffer number(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    /** A number that may be negative, small ones of either sign in few bytes. */
    WireBuffer signed(int field, long value) {
        return number(field, zigzag(value));
    }

    WireBuffer real(int field, double value) {
        tag(field, FIXED64);
        ensure(Long.BYTES);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[used++] = (byte) (bits >>> (8 * i));
        }
        return this;
    }

    WireBuffer text(int field, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        tag(field, LENGTH_DELIMITED);
        varint(utf8.length);
        ensure(utf8.length);
        System.arraycopy(utf8, 0, bytes, used, utf8.length);
        used += utf8.length;
        return this;
    }

    /** Begins a message, or packed numbers, within this one; the result is for {@link #end}. */
    int begin(int field) {
        tag(field, LENGTH_DELIMITED);
        ensure(LENGTH_BYTES);
        used += LENGTH_BYTES;
        return used;
    }

    void end(int begin) {
        int length = used - begin;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            boolean last = i == LENGTH_BYTES - 1;
            bytes[begin - LENGTH_BYTES + i] = (byte) (((length >>> (7 * i)) & 0x7f) | (last ? 0 : 0x80));
        }
    }

    /** One of packed numbers. */
    void packed(long value) {
        varint(zigzag(value));
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private void tag(int field, int type) {
        varint((field << 3) | type);
    }

    private void varint(long value) {
        ensure(10);
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[used++] = (byte) ((left & 0x7f) | 0x80);
            left >>>= 7;
        }
        bytes[used++] = (byte) left;
    }

    private void ensure(int more) {
        if (bytes.length - used < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + more));
        }
    }
}
