// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What readers do when words are drained while they read, made to happen at the very moment instead of waited for. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an endless reader hears no interrupt
class CellsDrainTest {
    private static final int HALF_FULL = 8;

    /** Two octaves, and words that are half full after eight records; some of their own reads are drained into. */
    private static final class Drained extends Cells {
        private int every = Integer.MAX_VALUE; // so many questions for a shift between two drains
        private int asked;
        private boolean draining;
        private long added;

        @Override
        int pages() {
            return 2;
        }

        @Override
        int laneFrom() {
            return 0;
        }

        @Override
        int laneEnd() {
            return 2;
        }

        @Override
        int firstBucket() {
            return 0;
        }

        /** Asked for each octave that is read, after the reader has seen that no drain is under way. */
        @Override
        int shift(int page) {
            if (!draining && ++asked >= every) {
                asked = 0;
                draining = true;
                add(HALF_FULL);
                draining = false;
            }
            return 60;
        }

        private void add(int records) {
            for (int i = 0; i < records; i++) {
                added++;
                if (!addInLane(7, 0, 1L << 60)) {
                    addOutOfLane(7, 1L << 60);
                }
            }
        }
    }

    /** One of which this thread owns a lane. */
    private static Drained owned() {
        Drained cells = new Drained();
        cells.add(EarlyRecords.MOST + 1);
        cells.letOwn();
        cells.add(HALF_FULL);
        return cells;
    }

    @Test
    void readersEndAlthoughEachReadingOfAllWordsIsDrainedInto() {
        Drained cells = owned();
        long before = cells.added;
        cells.every = 3; // there are at least four of them in a reading of everything, and one in that of a bucket

        long counted = cells.count(0, 2);

        cells.every = Integer.MAX_VALUE;
        assertThat(cells.added).isGreaterThan(before); // it was drained into
        assertThat(counted).isBetween(before, cells.added);
        assertThat(cells.count(0, 2)).isEqualTo(cells.added);
    }

    @Test
    void copiesEndAlthoughEachReadingOfAllWordsIsDrainedInto() {
        Drained cells = owned();
        long before = cells.added;
        cells.every = 3;

        CellsCopy copy = new CellsCopy();
        cells.copyTo(copy);

        assertThat(cells.added).isGreaterThan(before);
        long spilled = 0;
        for (int piece = 0; piece < copy.pieces(); piece++) {
            assertThat(copy.isSpilled(piece)).isTrue(); // read bucket by bucket
            spilled += copy.words()[copy.from(piece) + 7 * Spill.WORDS];
        }
        assertThat(copy.ones() + spilled).isBetween(before, cells.added);
    }

    @Test
    void aRecordIsToldAsAChangeAlthoughTheQuestionIsDrainedInto() {
        Drained cells = owned();
        long before = cells.changes();
        assertThat(cells.changes()).isEqualTo(before);

        cells.add(1);
        cells.every = 3;

        assertThat(cells.changes()).isGreaterThan(before);
    }
}
