// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The words of {@link Cells} as they were at one moment, as they stand there: they are told apart into counts and sums only when
 * they are known to belong together. To be used again and again; it keeps the room it once needed.
 *
 * <p>Thread-safety: confined; the cells it is filled from may be written to meanwhile.
 */
final class CellsCopy {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SPILLED = -1; // in the place of a shift

    /** Receives what was copied, in any order; of one bucket in several pieces, where it was in several places. */
    interface Visitor {
        /**
         * Some buckets of an octave.
         *
         * @param words the word of the first bucket is at {@code from}; counts are in the bits from {@code shift} on, sums of
         *     amounts in those below
         */
        void page(int page, long[] words, int from, int shift);

        /** All buckets of an octave, three words each: the count, and the low and high half of the sum of amounts. */
        void spilled(int page, long[] words, int from);

        /** A single record. */
        void one(int bucket, long amount);
    }

    private final long[] early = new long[2 * EarlyRecords.MOST]; // buckets and amounts in turn
    private int ones;

    // one element per page, or part of one
    private long[] any = new long[16]; // this one and the next two of those that are not spilled only
    private long[] counts = new long[16];
    private long[] sums = new long[16];
    private int[] page = new int[16];
    private int[] shift = new int[16];
    private int[] from = new int[16];
    private int pieces;

    private long[] words = new long[Cells.LANE_PAGES * Cells.SLOTS];
    private int used;

    void clear() {
        ones = 0;
        pieces = 0;
        used = 0;
    }

    void addOne(int bucket, long amount) {
        early[ones++] = bucket;
        early[ones++] = amount;
    }

    /** Copies the words of an octave, and adds up on the way what is in them. */
    void addPage(int ofPage, int ofShift, long[] source, int begin) {
        long[] into = room(Cells.SLOTS);
        int to = used;
        long some = 0;
        long records = 0;
        long all = 0;
        for (int slot = 0; slot < Cells.SLOTS; slot++) {
            long word = (long) WORD.getAcquire(source, begin + slot);
            into[to + slot] = word;
            some |= word;
            records += word >>> ofShift;
            all += word;
        }
        if (some != 0) {
            addPiece(ofPage, ofShift, Cells.SLOTS);
            any[pieces - 1] = some;
            counts[pieces - 1] = records;
            sums[pieces - 1] = all - (records << ofShift); // right modulo 2^64, as sums are
        }
    }

    /**
     * Tells which words of an octave are not zero, one bit each. Looks at all of them without a branch: it is hardly ever guessed
     * right, which costs more than all the rest.
     */
    static long present(long[] words, int from) {
        long some = 0;
        for (int slot = 0; slot < Cells.SLOTS; slot++) {
            long word = words[from + slot];
            some |= ((word | -word) >>> (Long.SIZE - 1)) << slot;
        }
        return some;
    }

    void addSpilled(int ofPage, long[] source) {
        long[] into = room(source.length);
        for (int i = 0; i < source.length; i++) {
            into[used + i] = (long) WORD.getAcquire(source, i);
        }
        addPiece(ofPage, SPILLED, source.length);
    }

    /** Makes room for the words of one more octave, all zero, and returns where they are. */
    int addRoom() {
        Arrays.fill(room(Cells.SLOTS), used, used + Cells.SLOTS, 0);
        used += Cells.SLOTS;
        return used - Cells.SLOTS;
    }

    private long[] room(int length) {
        if (words.length - used < length) {
            words = Arrays.copyOf(words, 2 * words.length);
        }
        return words;
    }

    private void addPiece(int ofPage, int ofShift, int length) {
        if (pieces == page.length) {
            any = Arrays.copyOf(any, 2 * pieces);
            counts = Arrays.copyOf(counts, 2 * pieces);
            sums = Arrays.copyOf(sums, 2 * pieces);
            page = Arrays.copyOf(page, 2 * pieces);
            shift = Arrays.copyOf(shift, 2 * pieces);
            from = Arrays.copyOf(from, 2 * pieces);
        }
        page[pieces] = ofPage;
        shift[pieces] = ofShift;
        from[pieces++] = used;
        used += length;
    }

    void forEach(Visitor visitor) {
        for (int i = 0; i < ones; i += 2) {
            visitor.one((int) early[i], early[i + 1]);
        }
        for (int i = 0; i < pieces; i++) {
            if (shift[i] == SPILLED) {
                visitor.spilled(page[i], words, from[i]);
            } else {
                visitor.page(page[i], words, from[i], shift[i]);
            }
        }
    }

    int ones() {
        return ones / 2;
    }

    int bucketOfOne(int i) {
        return (int) early[2 * i];
    }

    long amountOfOne(int i) {
        return early[2 * i + 1];
    }

    int pieces() {
        return pieces;
    }

    boolean isSpilled(int piece) {
        return shift[piece] == SPILLED;
    }

    /** All bits that are in any of its words. */
    long any(int piece) {
        return any[piece];
    }

    /** How many records are in its words. */
    long count(int piece) {
        return counts[piece];
    }

    /** What their amounts come to, modulo 2^64. */
    long sum(int piece) {
        return sums[piece];
    }

    int page(int piece) {
        return page[piece];
    }

    int shift(int piece) {
        return shift[piece];
    }

    int from(int piece) {
        return from[piece];
    }

    /** What the pieces are of; another array once there was no room in it. */
    long[] words() {
        return words;
    }
}
