// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which meter a name and up to two tags lead to, so that a meter may be looked up for each record.
 *
 * <p>A hash table of short chains with much room, so that nearly every entry stands first in its chain. A hit reads that one
 * and compares references; strings that are equal to those of an entry, but others, are compared a little later. A hit neither
 * locks nor allocates. The table is bounded: once it is full, a new entry replaces the first one of its chain, which is found
 * the long way by whoever asks next. Entries of the excess series, whose tag values may be without end, take empty chains only,
 * and give way.
 *
 * <p>Thread-safety: thread-safe. Entries are immutable, so that they can be published by plain stores; a reader that does not
 * see the newest one takes the long way. An entry is put into the table that was seen before its meter was looked up: a
 * {@link #clear} in between has replaced the table, and the entry, which may be of a removed meter, goes to one that nobody
 * reads any more.
 */
final class LookupCache {
    static final int MOST = 65_536;
    private static final int LEAST = 512;
    /** A chain's entries at most: it may be somebody's intention that the hashes of tag values are the same. */
    private static final int LONGEST = 16;
    /** Slots for each entry: with values in random order, one of 16 that does not stand first costs each lookup a nanosecond. */
    private static final int ROOM = 16;
    /** The golden ratio spreads hashes that differ in few bits, as those of numbered tag values do. */
    private static final int SPREAD = 0x9E3779B9;
    /** Drops the bits that were spread least and leaves enough for {@link #MOST}. */
    private static final int SHIFT = 15;

    private static final Entry NONE = new Entry();
    private static final VarHandle TABLE;

    static {
        try {
            TABLE = MethodHandles.lookup().findVarHandle(LookupCache.class, "table", Entry[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Source source;
    private volatile Entry[] table = ofSlots(LEAST);
    private int entries; // racy: when to grow, not a figure

    LookupCache(Source source) {
        this.source = source;
    }

    /** Who knows all meters. */
    interface Source {
        /** Finds or registers a meter, whatever that costs. */
        Meter find(String name, String[] tags);

        /** Whether a meter will be found again: not if it was denied, or asked for after the close. */
        boolean keeps(Meter meter);

        /** Whether a meter stands for the series beyond the limit of its name. */
        boolean isExcess(Meter meter);
    }

    /**
     * What leads to a meter; keys and values that are not there are null. The meter stands in the field of its class: a cast to an
     * interface would cost as much as the rest of a hit.
     */
    static final class Entry {
        final @Nullable Timer timer;
        final @Nullable Counter counter;
        final @Nullable DistributionSummary summary;

        private final int hash;
        private final @Nullable String name; // of empty slots null
        private final @Nullable String key;
        private final @Nullable String value;
        private final @Nullable String onlyValue; // null if there are other tags, too
        private final @Nullable String key2;
        private final @Nullable String value2;
        private final boolean excess;
        private final Entry next;

        /** What stands in empty slots and ends every chain, so that nobody asks for null. */
        private Entry() {
            this(0, null, new String[0], null, false, null);
        }

        private Entry(
                int hash,
                @Nullable String name,
                String[] tags,
                @Nullable Meter meter,
                boolean excess,
                @Nullable Entry next) {
            this.hash = hash;
            this.name = name;
            this.key = tags.length > 0 ? tags[0] : null;
            this.value = tags.length > 0 ? tags[1] : null;
            this.onlyValue = tags.length == 2 ? value : null;
            this.key2 = tags.length > 2 ? tags[2] : null;
            this.value2 = tags.length > 2 ? tags[3] : null;
            this.timer = meter instanceof Timer timer ? timer : null;
            this.counter = meter instanceof Counter counter ? counter : null;
            this.summary = meter instanceof DistributionSummary summary ? summary : null;
            this.excess = excess;
            this.next = next == null ? this : next;
        }

        private int length() {
            int length = 0;
            for (Entry each = this; each != NONE; each = each.next) {
                length++;
            }
            return length;
        }

        /** The same in front of another chain. */
        private Entry before(Entry rest) {
            Meter meter = timer != null ? timer : counter != null ? counter : summary;
            return new Entry(hash, name, tags(key, value, key2, value2), meter, excess, rest);
        }
    }

    /**
     * Tells whether so many tags are remembered.
     *
     * @param tags keys and values
     */
    static boolean isFor(String @Nullable [] tags) {
        return tags != null && (tags.length == 2 || tags.length == 0 || tags.length == 4);
    }

    /**
     * Finds a meter, here or at the source. Hands on strings and not the array, which is therefore not even allocated once this
     * is compiled into the caller that made it.
     *
     * <p>Of no more than one tag, looks at the first entry of a chain and compares references, which is enough for strings that
     * are kept somewhere, as most are. This much is compiled into every caller, so that it must stay small: see
     * {@link #find(int, String, String, String, String, String)}.
     *
     * @param name the exact name
     * @param tags keys and values, as many as {@link #isFor} admits
     */
    @SuppressWarnings("ReferenceEquality") // strings that are equal, but others, are found a little later
    Entry find(String name, String[] tags) {
        int hash = stir(name);
        String key = null;
        String value = null;
        if (tags.length != 0) {
            key = requireNonNull(tags[0]);
            value = tags[1];
            hash += value.hashCode();
        }
        if (tags.length == 4) {
            return find(hash, name, key, value, requireNonNull(tags[2]), tags[3]);
        }
        Entry[] chains = table;
        Entry entry = chains[slot(hash, chains)];
        if (entry.onlyValue == value && entry.key == key && entry.name == name) {
            return entry;
        }
        return find(hash, name, key, value, null, null);
    }

    /**
     * Finds a meter, here or at the source; keys and values that are not there are null.
     *
     * <p>Written out for two entries of a chain, on purpose: at more than 325 bytes of bytecode HotSpot never compiles it, or the
     * long way behind it, into its callers. So the registry's {@code timer(name, tags...)} stays small enough, with less than
     * 2,500 bytes of code, to be compiled into the application's method, which is what spares the array of its tags.
     */
    @SuppressWarnings("ReferenceEquality") // that they are the same object answers most comparisons
    private Entry find(
            int firstHash,
            String name,
            @Nullable String key,
            @Nullable String value,
            @Nullable String key2,
            @Nullable String value2) {
        Entry[] seen = table;
        int hash = key2 == null
                ? firstHash
                : firstHash * 31 + requireNonNull(value2).hashCode();
        Entry entry = seen[slot(hash, seen)];
        if (entry.hash == hash
                && (entry.value == value || (value != null && value.equals(entry.value)))
                && (entry.key == key || (key != null && key.equals(entry.key)))
                && (entry.name == name || name.equals(entry.name))
                && (entry.value2 == value2 || (value2 != null && value2.equals(entry.value2)))
                && (entry.key2 == key2 || (key2 != null && key2.equals(entry.key2)))) {
            return entry;
        }
        entry = entry.next;
        if (entry.hash == hash
                && (entry.value == value || (value != null && value.equals(entry.value)))
                && (entry.key == key || (key != null && key.equals(entry.key)))
                && (entry.name == name || name.equals(entry.name))
                && (entry.value2 == value2 || (value2 != null && value2.equals(entry.value2)))
                && (entry.key2 == key2 || (key2 != null && key2.equals(entry.key2)))) {
            return entry;
        }
        for (entry = entry.next; entry != NONE; entry = entry.next) {
            if (entry.hash == hash
                    && (entry.value == value || (value != null && value.equals(entry.value)))
                    && (entry.key == key || (key != null && key.equals(entry.key)))
                    && (entry.name == name || name.equals(entry.name))
                    && (entry.value2 == value2 || (value2 != null && value2.equals(entry.value2)))
                    && (entry.key2 == key2 || (key2 != null && key2.equals(entry.key2)))) {
                return entry;
            }
        }
        return put(seen, hash, name, tags(key, value, key2, value2));
    }

    @SuppressWarnings("NullAway") // a key that is there has a value: the registry's lookups take them in pairs
    private static String[] tags(
            @Nullable String key, @Nullable String value, @Nullable String key2, @Nullable String value2) {
        if (key == null) {
            return new String[0];
        }
        return key2 == null ? new String[] {key, value} : new String[] {key, value, key2, value2};
    }

    private Entry put(Entry[] seen, int hash, String name, String[] tags) {
        Meter meter = source.find(name, tags);
        boolean excess = source.isExcess(meter);
        int slot = slot(hash, seen);
        Entry rest = seen[slot].excess ? NONE : seen[slot];
        boolean full = rest != NONE && (entries >= MOST || rest.length() >= LONGEST);
        Entry entry = new Entry(hash, name, tags, meter, excess, full ? rest.next : rest);
        if (!source.keeps(meter) || (excess && seen[slot] != NONE)) {
            return entry;
        }
        seen[slot] = entry;
        if (!full && !excess && ++entries > seen.length / ROOM && seen.length < MOST) {
            grow(seen);
        }
        return entry;
    }

    private void grow(Entry[] chains) {
        Entry[] larger = ofSlots(chains.length * 2);
        for (Entry chain : chains) {
            for (Entry each = chain; each != NONE; each = each.next) {
                if (!each.excess) {
                    int slot = slot(each.hash, larger);
                    larger[slot] = each.before(larger[slot]);
                }
            }
        }
        TABLE.compareAndSet(this, chains, larger); // or it was cleared, or grown by another thread
    }

    /**
     * What a name adds to the hash; keys add nothing, since meters of one name differ in their values. A name is a literal as a
     * rule. Then its length and characters are constants to HotSpot, and this costs nothing; its hash is a constant only from
     * Java 25 on, and the code that computes it has no room in the callers.
     */
    private static int stir(String name) {
        int length = name.length();
        if (length == 0) {
            return 0;
        }
        int some = (length * 31 + name.charAt(length - 1)) * 31 + name.charAt(length >>> 1);
        return (some * 31 + name.charAt(length - 1 - (length >>> 2))) * 0x85EBCA6B;
    }

    /** The length is a power of two; said in this way, HotSpot sees that the slot is within the table. */
    private static int slot(int hash, Entry[] chains) {
        return ((hash * SPREAD) >>> SHIFT) & (chains.length - 1);
    }

    private static Entry[] ofSlots(int slots) {
        Entry[] chains = new Entry[slots];
        Arrays.fill(chains, NONE);
        return chains;
    }

    /** Forgets everything, such as when a meter was removed. */
    void clear() {
        entries = 0;
        table = ofSlots(LEAST);
    }

    int capacity() {
        return table.length;
    }
}
