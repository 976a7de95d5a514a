// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes to be sent: text and numbers are written into one array that is used again and again, without an object per number.
 *
 * <p>Doubles are written so that reading them gives the same double. Nearly all are short decimals: a double {@code v} is
 * written as {@code n} with the point {@code k} places from the right if {@code n / 10^k}, which the machine rounds to the
 * nearest double as a parser does, is {@code v} again. All others are left to {@link Double#toString}.
 *
 * <p>Thread-safety: confined to one scrape.
 */
final class AsciiBuffer {
    private static final long LARGEST_EXACT = 1L << 53;
    private static final int[] PLACES = {0, 3, 6, 9};
    private static final double[] POWERS = {1, 1e3, 1e6, 1e9};

    private byte[] bytes;
    private int used;

    AsciiBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return used;
    }

    void clear() {
        used = 0;
    }

    byte[] copyFrom(int start) {
        return Arrays.copyOfRange(bytes, start, used);
    }

    /** Sends everything and begins anew. */
    void sendTo(OutputStream out) throws IOException {
        out.write(bytes, 0, used);
        used = 0;
    }

    AsciiBuffer put(byte[] text) {
        ensure(text.length);
        System.arraycopy(text, 0, bytes, used, text.length);
        used += text.length;
        return this;
    }

    AsciiBuffer put(char ascii) {
        ensure(1);
        bytes[used++] = (byte) ascii;
        return this;
    }

    AsciiBuffer put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    AsciiBuffer number(long value) {
        if (value == Long.MIN_VALUE) { // has no positive counterpart
            return put(Long.toString(value));
        }
        return decimal(value < 0, Math.abs(value), 0);
    }

    AsciiBuffer number(double value) {
        if (Double.isNaN(value)) {
            return put("NaN");
        }
        if (Double.isInfinite(value)) {
            return put(value > 0 ? "+Inf" : "-Inf");
        }
        double size = Math.abs(value);
        for (int i = 0; i < POWERS.length; i++) {
            double scaled = Math.rint(size * POWERS[i]);
            if (scaled >= LARGEST_EXACT) {
                break;
            }
            if (scaled / POWERS[i] == size) {
                return decimal(value < 0, (long) scaled, PLACES[i]);
            }
        }
        return put(Double.toString(value));
    }

    /** Writes nanoseconds as seconds; halves of nanoseconds, the middles of our buckets, included. */
    AsciiBuffer seconds(double nanos) {
        double tenths = nanos * 10;
        long whole = (long) tenths;
        return whole == tenths && Math.abs(whole) < LARGEST_EXACT
                ? decimal(whole < 0, Math.abs(whole), 10)
                : number(nanos / 1e9);
    }

    /** Writes {@code digits} with so many of them behind the point, and without zeros at the end. */
    private AsciiBuffer decimal(boolean negative, long digits, int places) {
        long rest = digits;
        int behind = places;
        while (behind > 0 && rest % 10 == 0) {
            rest /= 10;
            behind--;
        }
        ensure(24 + behind);
        if (negative && digits != 0) {
            bytes[used++] = '-';
        }
        int length = Math.max(digitsOf(rest), behind + 1);
        int end = used + length + (behind > 0 ? 1 : 0);
        int at = end;
        for (int i = 0; i < length; i++) {
            if (i == behind && behind > 0) {
                bytes[--at] = '.';
            }
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used = end;
        return this;
    }

    private static int digitsOf(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private void ensure(int more) {
        if (bytes.length - used < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + more));
        }
    }
}
