// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The newest slots of one series at one resolution, as bytes, in the order in which they came. What is oldest is what came
 * first, whatever time it is of: a clock that was wrong for a while cannot push out what came after it.
 *
 * <p>Thread-safety: confined; {@link TimelineStore} locks.
 */
final class SlotRing {
    private static final int FIRST_SIZE = 16;

    /** The part of a slot that was closed at once; several of one slot come from restarts and clocks set back. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and read once by whoever asked for it
    record Part(long slot, byte[] bytes) {}

    private final int capacity;
    private long[] slots;
    private byte[][] bytes;
    private long added;

    SlotRing(int capacity) {
        this.capacity = capacity;
        this.slots = new long[Math.min(FIRST_SIZE, capacity)];
        this.bytes = new byte[slots.length][];
    }

    void add(long slot, byte[] value) {
        if (added >= slots.length && slots.length < capacity) {
            int larger = Math.min(capacity, slots.length * 2); // it has never wrapped: the next place is the next index
            slots = Arrays.copyOf(slots, larger);
            bytes = Arrays.copyOf(bytes, larger);
        }
        int place = (int) (added++ % slots.length);
        slots[place] = slot;
        bytes[place] = value;
    }

    /** The parts of slots from the first to the last, both included, in the order in which they came. */
    List<Part> between(long first, long last) {
        List<Part> found = new ArrayList<>();
        for (long i = Math.max(0, added - slots.length); i < added; i++) {
            int place = (int) (i % slots.length);
            if (slots[place] >= first && slots[place] <= last) {
                found.add(new Part(slots[place], bytes[place]));
            }
        }
        return found;
    }

    int size() {
        return (int) Math.min(added, slots.length);
    }

    /** What it holds on to, without the headers of the arrays. */
    long heldBytes() {
        long total = slots.length * 12L;
        for (int i = 0; i < size(); i++) {
            total += bytes[i].length;
        }
        return total;
    }
}
