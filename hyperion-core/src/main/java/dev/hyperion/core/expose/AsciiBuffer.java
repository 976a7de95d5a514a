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
    private static final long[] TENS = new long[19]; // the powers of ten that a long holds
    private static final byte[] PAIRS = new byte[200]; // 00 to 99: two digits for the price of one division

    static {
        TENS[0] = 1;
        for (int i = 1; i < TENS.length; i++) {
            TENS[i] = TENS[i - 1] * 10;
        }
        for (int i = 0; i < PAIRS.length; i++) {
            PAIRS[i] = (byte) ('0' + (i % 2 == 0 ? i / 2 / 10 : i / 2 % 10));
        }
    }

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

    /** Writes once more what was written, and is not sent yet. */
    AsciiBuffer again(int start, int end) {
        ensure(end - start);
        System.arraycopy(bytes, start, bytes, used, end - start);
        used += end - start;
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
        int before = Math.max(digitsOf(rest) - behind, 1); // digits before the point, if only a zero
        int at = used + before + (behind > 0 ? 1 + behind : 0);
        used = at;
        if (behind > 0) {
            rest = digits(rest, behind, at);
            at -= behind;
            bytes[--at] = '.';
        }
        digits(rest, before, at);
        return this;
    }

    /** Writes the last so many digits of a number in front of a place, and returns what is left of the number. */
    private long digits(long number, int many, int end) {
        long rest = number;
        int at = end;
        int left = many;
        for (; left >= 2; left -= 2) {
            long quotient = rest / 100;
            int pair = 2 * (int) (rest - quotient * 100);
            bytes[--at] = PAIRS[pair + 1];
            bytes[--at] = PAIRS[pair];
            rest = quotient;
        }
        if (left > 0) {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return rest;
    }

    private static int digitsOf(long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value);
        int digits =
                (bits * 1233) >>> 12; // a bit is log10(2), some 1233/4096, of a digit: this is right or one too few
        return value >= TENS[digits] ? digits + 1 : Math.max(1, digits);
    }

    private void ensure(int more) {
        if (bytes.length - used < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + more));
        }
    }
}
