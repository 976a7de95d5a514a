// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The first records of {@link Cells}, each in a word of its own: written once, never changed, never moved.
 *
 * <p>Thread-safety: thread-safe.
 */
final class EarlyRecords {
    static final int MOST = 16;

    private static final int AMOUNT_BITS = 46;
    private static final long AMOUNT = (1L << AMOUNT_BITS) - 1;
    private static final long TAKEN = Long.MIN_VALUE;
    private static final int WORDS_PER_LINE = 8;
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words = new long[MOST]; // from the top: taken or not, the bucket, the amount

    /** Keeps one record; false if there is no room. */
    boolean add(int bucket, long amount) {
        long word = TAKEN | ((long) bucket << AMOUNT_BITS) | (amount & AMOUNT);
        for (int i = 0; i < MOST; i++) {
            if ((long) WORD.getAcquire(words, i) == 0 && WORD.compareAndSet(words, i, 0L, word)) {
                return true;
            }
        }
        return false;
    }

    private static int bucket(long word) {
        return (int) ((word & ~TAKEN) >>> AMOUNT_BITS);
    }

    private static int octave(long word) {
        return bucket(word) / Cells.SLOTS;
    }

    /** The octave in the middle of them, once all are there: all threads are told the same. */
    int medianOctave() {
        int[] octaves = new int[MOST];
        for (int i = 0; i < MOST; i++) {
            octaves[i] = octave((long) WORD.getAcquire(words, i));
        }
        Arrays.sort(octaves);
        return octaves[MOST / 2 - 1];
    }

    void addTo(CellsCopy copy) {
        for (int i = 0; i < MOST; i++) {
            long word = (long) WORD.getAcquire(words, i);
            if (word != 0) {
                copy.addOne(bucket(word), word & AMOUNT);
            }
        }
    }

    /** How many of them are in some octaves. */
    long count(int firstPage, int endPage) {
        long total = 0;
        for (int i = 0; i < MOST; i++) {
            long word = (long) WORD.getAcquire(words, i);
            total += word != 0 && octave(word) >= firstPage && octave(word) < endPage ? 1 : 0;
        }
        return total;
    }

    /** Reads from each cache line, and waits for none. */
    long touch() {
        return words[0] + words[WORDS_PER_LINE];
    }

    /** Reads from the object that {@link #touch} goes through, and does not wait for it. */
    long approach() {
        return words.length;
    }
}
