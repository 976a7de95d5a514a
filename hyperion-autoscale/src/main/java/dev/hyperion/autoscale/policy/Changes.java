// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.policy.TargetHistory.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * Changes in the order in which they were noted, as numbers: each decision looks through them several times and copies them
 * once.
 *
 * <p>Thread-safety: immutable.
 */
final class Changes extends AbstractList<Change> implements RandomAccess {
    private static final Changes NONE = new Changes(new long[0]);
    private static final long REPLICAS = 0xFFFF_FFFFL;

    /** Of each: the second; then the nanosecond in the upper half, and the replicas in the lower. */
    private final long[] packed;

    private Changes(long[] packed) {
        this.packed = packed;
    }

    static Changes copyOf(List<Change> changes) {
        if (changes instanceof Changes same) {
            return same;
        }
        if (changes.isEmpty()) {
            return NONE;
        }
        long[] packed = new long[2 * changes.size()];
        for (int i = 0; i < changes.size(); i++) {
            put(packed, 2 * i, changes.get(i));
        }
        return new Changes(packed);
    }

    private static void put(long[] packed, int at, Change change) {
        Instant time = change.at();
        packed[at] = time.getEpochSecond();
        packed[at + 1] = ((long) time.getNano() << Integer.SIZE) | (change.replicas() & REPLICAS);
    }

    @Override
    public int size() {
        return packed.length / 2;
    }

    @Override
    public Change get(int index) {
        return new Change(Instant.ofEpochSecond(packed[2 * index], nano(2 * index)), replicas(2 * index));
    }

    private int nano(int at) {
        return (int) (packed[at + 1] >>> Integer.SIZE);
    }

    private int replicas(int at) {
        return (int) packed[at + 1];
    }

    private boolean isAfter(int at, Instant time) {
        long second = time.getEpochSecond();
        return packed[at] > second || (packed[at] == second && nano(at) > time.getNano());
    }

    private boolean isBefore(int at, Instant time) {
        long second = time.getEpochSecond();
        return packed[at] < second || (packed[at] == second && nano(at) < time.getNano());
    }

    /** These and one more, without those that are older than it by more than a duration. */
    Changes and(Change newest, Duration keep) {
        Instant oldest = newest.at().minus(keep);
        int size = 2;
        for (int i = 0; i < packed.length; i += 2) {
            size += isBefore(i, oldest) ? 0 : 2;
        }
        long[] kept = new long[size];
        int to = 0;
        for (int i = 0; i < packed.length; i += 2) {
            if (!isBefore(i, oldest)) {
                kept[to] = packed[i];
                kept[to + 1] = packed[i + 1];
                to += 2;
            }
        }
        put(kept, to, newest);
        return new Changes(kept);
    }

    /** The sum of those younger than a period that began then: what is exactly one period old is not. */
    int sum(Instant begin) {
        int sum = 0;
        for (int i = 0; i < packed.length; i += 2) {
            sum += isAfter(i, begin) ? replicas(i) : 0;
        }
        return sum;
    }

    /** The largest of those younger than a period that began then, and of another number. */
    int largest(int other, Instant begin) {
        int largest = other;
        for (int i = 0; i < packed.length; i += 2) {
            largest = isAfter(i, begin) ? Math.max(largest, replicas(i)) : largest;
        }
        return largest;
    }

    /** The smallest of those younger than a period that began then, and of another number. */
    int smallest(int other, Instant begin) {
        int smallest = other;
        for (int i = 0; i < packed.length; i += 2) {
            smallest = isAfter(i, begin) ? Math.min(smallest, replicas(i)) : smallest;
        }
        return smallest;
    }
}
