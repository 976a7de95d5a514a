// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.designs;

import dev.hyperion.core.record.LatencyRecorder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One way to record a duration in nanoseconds into 64 log-linear buckets per octave. Thread-safety: thread-safe. */
interface Design {
    /** Adds one duration, 64 ns to 2^42 ns. */
    void record(long nanos);

    /** Counts what was recorded; exact once the writers rest. */
    long count();

    /** Buckets of 43 octaves. */
    int BUCKETS = 43 * 64;

    VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    /** Which bucket a duration falls into. */
    static int bucket(long nanos) {
        int exponent = 63 - Long.numberOfLeadingZeros(nanos | 1);
        int residualBits = Math.max(0, exponent - 6);
        int page = exponent < 6 ? 0 : residualBits + 1;
        return (page << 6) | ((int) (nanos >>> residualBits) & 63);
    }

    /** Which of some stripes, a power of two, the current thread uses. */
    @SuppressWarnings("deprecation") // threadId() replaces getId() only from Java 19 on
    static int stripe(int stripes) {
        long id = Thread.currentThread().getId();
        return (int) (id ^ (id >>> 3)) & (stripes - 1);
    }

    /** Adds the words of an array up. */
    static long sum(long[] words) {
        long total = 0;
        for (int i = 0; i < words.length; i++) {
            total += (long) WORD.getAcquire(words, i);
        }
        return total;
    }

    /** The one that was chosen. */
    final class Chosen implements Design {
        private final LatencyRecorder recorder = new LatencyRecorder();

        @Override
        public void record(long nanos) {
            recorder.record(nanos);
        }

        @Override
        public long count() {
            return recorder.recorded();
        }
    }

    /** The floor: a counter that knows neither sum nor size. */
    final class Adder implements Design {
        private final LongAdder adder = new LongAdder();

        @Override
        public void record(long nanos) {
            adder.increment();
        }

        @Override
        public long count() {
            return adder.sum();
        }
    }

    /** One atomic addition to a striped bucket and nothing else: no sum, so the mean is a guess. */
    final class BareBuckets implements Design {
        private final long[][] stripes;

        BareBuckets(int stripes) {
            this.stripes = new long[stripes][BUCKETS];
        }

        @Override
        public void record(long nanos) {
            long unused = (long) WORD.getAndAdd(stripes[stripe(stripes.length)], bucket(nanos), 1L);
        }

        @Override
        public long count() {
            long total = 0;
            for (long[] stripe : stripes) {
                total += sum(stripe);
            }
            return total;
        }
    }

    /** The same with a sum of its own per stripe: exact, but a reader sees the one without the other. */
    final class BucketsAndSum implements Design {
        private final BareBuckets buckets;
        private final long[][] sums;

        BucketsAndSum(int stripes) {
            this.buckets = new BareBuckets(stripes);
            this.sums = new long[stripes][16]; // the one in use, and room so that none shares its cache line
        }

        @Override
        public void record(long nanos) {
            buckets.record(nanos);
            long unused = (long) WORD.getAndAdd(sums[stripe(sums.length)], 8, nanos);
        }

        @Override
        public long count() {
            return buckets.count();
        }
    }

    /** One array for all threads. */
    final class OneArray implements Design {
        private final long[] words = new long[BUCKETS];

        @Override
        public void record(long nanos) {
            long unused = (long) WORD.getAndAdd(words, bucket(nanos), 1L);
        }

        @Override
        public long count() {
            return sum(words);
        }
    }

    /** Pages of ints made on touch, one compare-and-set, no stripes: small, without a sum, full after 2^32. */
    final class IntPages implements Design {
        private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(int[][].class);
        private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(int[].class);
        private final int[] @Nullable [] pages = new int[43][];

        @Override
        public void record(long nanos) {
            int bucket = bucket(nanos);
            int[] page = (int[]) PAGE.getAcquire(pages, bucket >>> 6);
            if (page == null) {
                int[] fresh = new int[64];
                page = PAGE.compareAndSet(pages, bucket >>> 6, null, fresh)
                        ? fresh
                        : (int[]) PAGE.getAcquire(pages, bucket >>> 6);
            }
            int seen;
            do {
                seen = (int) COUNT.getVolatile(page, bucket & 63);
            } while (!COUNT.compareAndSet(page, bucket & 63, seen, seen + 1));
        }

        @Override
        public long count() {
            long total = 0;
            for (int i = 0; i < 43; i++) {
                int[] page = (int[]) PAGE.getAcquire(pages, i);
                for (int slot = 0; page != null && slot < 64; slot++) {
                    total += Integer.toUnsignedLong((int) COUNT.getAcquire(page, slot));
                }
            }
            return total;
        }
    }

    /** Cells of each thread, written by plain stores: fast, and 22 kB for every thread that ever recorded. */
    final class PerThread implements Design {
        private final List<long[]> all = new CopyOnWriteArrayList<>();
        private final ThreadLocal<long[]> own = ThreadLocal.withInitial(() -> {
            long[] fresh = new long[BUCKETS + 1];
            all.add(fresh);
            return fresh;
        });

        @Override
        public void record(long nanos) {
            long[] words = own.get();
            int bucket = bucket(nanos);
            WORD.setOpaque(words, BUCKETS, (long) WORD.get(words, BUCKETS) + nanos);
            WORD.setRelease(words, bucket, (long) WORD.get(words, bucket) + 1);
        }

        @Override
        public long count() {
            long total = 0;
            for (long[] words : all) {
                for (int i = 0; i < BUCKETS; i++) {
                    total += (long) WORD.getAcquire(words, i);
                }
            }
            return total;
        }
    }

    /**
     * Slots that belong to the first thread that takes them, written by plain and opaque stores; who finds none of his own
     * uses a shared one with atomic additions. A slot is never given back, so short-lived threads end in the shared one.
     */
    final class OwnedSlots implements Design {
        private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Slot[].class);
        private final @Nullable Slot[] slots;
        private final long[] shared = new long[BUCKETS + 1];

        private static final class Slot {
            private final Thread owner;
            private final long[] words = new long[BUCKETS + 1];

            Slot(Thread owner) {
                this.owner = owner;
            }
        }

        OwnedSlots(int slots) {
            this.slots = new Slot[slots];
        }

        @Override
        public void record(long nanos) {
            Thread me = Thread.currentThread();
            int at = stripe(slots.length);
            Slot slot = (Slot) SLOT.getAcquire(slots, at);
            if (slot == null) {
                Slot fresh = new Slot(me);
                slot = SLOT.compareAndSet(slots, at, null, fresh) ? fresh : (Slot) SLOT.getAcquire(slots, at);
            }
            int bucket = bucket(nanos);
            if (slot != null && slot.owner == me) {
                WORD.setOpaque(slot.words, BUCKETS, (long) WORD.get(slot.words, BUCKETS) + nanos);
                WORD.setRelease(slot.words, bucket, (long) WORD.get(slot.words, bucket) + 1);
            } else {
                long unused = (long) WORD.getAndAdd(shared, BUCKETS, nanos) + (long) WORD.getAndAdd(shared, bucket, 1L);
            }
        }

        @Override
        public long count() {
            long total = sum(shared) - (long) WORD.getAcquire(shared, BUCKETS);
            for (int i = 0; i < slots.length; i++) {
                Slot slot = (Slot) SLOT.getAcquire(slots, i);
                total += slot == null ? 0 : sum(slot.words) - (long) WORD.getAcquire(slot.words, BUCKETS);
            }
            return total;
        }
    }
}
