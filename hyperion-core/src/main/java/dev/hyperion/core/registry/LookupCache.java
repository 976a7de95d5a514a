// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which meter a name and up to two tags lead to, so that a meter may be looked up for each record.
 *
 * <p>A hit reads the first of four slots as a rule, compares strings, and neither locks nor allocates. The table is bounded: what finds
 * its slots full replaces another entry once the table has its full size, and is found the long way by whoever asks next.
 * Entries of the excess series, whose tag values may be without end, take free slots only.
 *
 * <p>Thread-safety: thread-safe. Entries are immutable, so that they can be published by plain stores; a reader that does not
 * see the newest one takes the long way. Whoever puts an entry names the table that it saw before it took the long way: a
 * {@link #clear} in between has replaced the table, and the entry, which may be of a removed meter, goes to one that nobody
 * reads any more.
 */
final class LookupCache {
    private static final int WAYS = 4;
    private static final int LEAST = 256;
    static final int MOST = 65_536;
    private static final VarHandle TABLE;

    static {
        try {
            TABLE = MethodHandles.lookup().findVarHandle(LookupCache.class, "table", Entry[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Entry[] table = ofSlots(LEAST);

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
     * What leads to a meter; keys that are not there are null. The meter stands in the field of its type, since a cast to an
     * interface would cost as much as the rest of a hit.
     */
    static final class Entry {
        final @Nullable Timer timer;
        final @Nullable Counter counter;
        final @Nullable DistributionSummary summary;
        private final int hash;
        private final String name;
        private final @Nullable String key;
        private final @Nullable String value;
        private final @Nullable String key2;
        private final @Nullable String value2;
        private final boolean excess;

        Entry(
                String name,
                @Nullable String key,
                @Nullable String value,
                @Nullable String key2,
                @Nullable String value2,
                Meter meter,
                boolean excess) {
            this.hash = hash(name, value, value2);
            this.name = name;
            this.key = key;
            this.value = value;
            this.key2 = key2;
            this.value2 = value2;
            this.timer = meter instanceof Timer timer ? timer : null;
            this.counter = meter instanceof Counter counter ? counter : null;
            this.summary = meter instanceof DistributionSummary summary ? summary : null;
            this.excess = excess;
        }
    }

    private final Source source;

    LookupCache(Source source) {
        this.source = source;
    }

    /**
     * Finds a meter, here or at the source; keys and values that are not there are null.
     *
     * <p>Written out for its four slots, on purpose: at more than 325 bytes of bytecode HotSpot never compiles it, or the long
     * way behind it, into its callers. So the registry's {@code timer(name, tags...)} stays small enough to be compiled into
     * the application's method, which is what spares the array of its tags. Most names, keys and values are literals: that they are the same
     * object answers most comparisons.
     */
    @SuppressWarnings("ReferenceEquality")
    Entry find(
            String name, @Nullable String key, @Nullable String value, @Nullable String key2, @Nullable String value2) {
        int hash = hash(name, value, value2);
        @Nullable Entry[] entries = table;
        int first = first(hash, entries.length);
        Entry entry = entries[first];
        if (entry != null
                && entry.hash == hash
                && (entry.name == name || entry.name.equals(name))
                && (entry.key == key || (key != null && key.equals(entry.key)))
                && (entry.value == value || (value != null && value.equals(entry.value)))
                && (entry.key2 == key2 || (key2 != null && key2.equals(entry.key2)))
                && (entry.value2 == value2 || (value2 != null && value2.equals(entry.value2)))) {
            return entry;
        }
        entry = entries[first + 1];
        if (entry != null
                && entry.hash == hash
                && (entry.name == name || entry.name.equals(name))
                && (entry.key == key || (key != null && key.equals(entry.key)))
                && (entry.value == value || (value != null && value.equals(entry.value)))
                && (entry.key2 == key2 || (key2 != null && key2.equals(entry.key2)))
                && (entry.value2 == value2 || (value2 != null && value2.equals(entry.value2)))) {
            return entry;
        }
        entry = entries[first + 2];
        if (entry != null
                && entry.hash == hash
                && (entry.name == name || entry.name.equals(name))
                && (entry.key == key || (key != null && key.equals(entry.key)))
                && (entry.value == value || (value != null && value.equals(entry.value)))
                && (entry.key2 == key2 || (key2 != null && key2.equals(entry.key2)))
                && (entry.value2 == value2 || (value2 != null && value2.equals(entry.value2)))) {
            return entry;
        }
        entry = entries[first + 3];
        if (entry != null
                && entry.hash == hash
                && (entry.name == name || entry.name.equals(name))
                && (entry.key == key || (key != null && key.equals(entry.key)))
                && (entry.value == value || (value != null && value.equals(entry.value)))
                && (entry.key2 == key2 || (key2 != null && key2.equals(entry.key2)))
                && (entry.value2 == value2 || (value2 != null && value2.equals(entry.value2)))) {
            return entry;
        }
        return findAtSource(name, key, value, key2, value2);
    }

    private Entry findAtSource(
            String name, @Nullable String key, @Nullable String value, @Nullable String key2, @Nullable String value2) {
        @Nullable Entry[] seen = table;
        Meter meter = source.find(name, tags(key, value, key2, value2));
        boolean excess = source.isExcess(meter);
        Entry entry = new Entry(name, key, value, key2, value2, meter, excess);
        if (source.keeps(meter)) {
            put(seen, entry);
        }
        return entry;
    }

    @SuppressWarnings("NullAway") // a key that is there has a value: the registry's lookups take them in pairs
    private static String[] tags(
            @Nullable String key, @Nullable String value, @Nullable String key2, @Nullable String value2) {
        if (key == null) {
            return new String[0];
        }
        return key2 == null ? new String[] {key, value} : new String[] {key, value, key2, value2};
    }

    /** Keys are left out: meters of one name differ in their values. */
    private static int hash(String name, @Nullable String value, @Nullable String value2) {
        int hash = name.hashCode();
        if (value != null) {
            hash = hash * 31 + value.hashCode();
        }
        return value2 == null ? hash : hash * 31 + value2.hashCode();
    }

    /** The golden ratio spreads hashes that differ in few bits, as those of numbered tag values do. */
    private static int first(int hash, int length) {
        int spread = hash * 0x9E3779B9;
        return (spread ^ spread >>> 16) & length - WAYS;
    }

    /** A power of two of first slots, and room behind the last of them. */
    private static @Nullable Entry[] ofSlots(int slots) {
        return new Entry[slots + WAYS - 1];
    }

    /** Remembers a meter, in the table that was there before it was looked up at the source. */
    void put(@Nullable Entry[] seen, Entry entry) {
        int hash = entry.hash;
        boolean excess = entry.excess;
        @Nullable Entry[] entries = seen;
        while (!store(entries, entry) && !excess) {
            int slots = entries.length - WAYS + 1;
            if (slots == MOST) {
                entries[first(hash, entries.length) + (hash >>> 24 & WAYS - 1)] = entry;
                return;
            }
            @Nullable Entry[] larger = ofSlots(slots * 2);
            for (Entry each : entries) {
                if (each != null) {
                    store(larger, each); // what finds no slot is looked up the long way
                }
            }
            if (!TABLE.compareAndSet(this, entries, larger)) {
                return; // cleared or grown by another thread: the next lookup puts it there
            }
            entries = larger;
        }
    }

    private static boolean store(@Nullable Entry[] entries, Entry entry) {
        int first = first(entry.hash, entries.length);
        for (int i = first; i < first + WAYS; i++) {
            Entry there = entries[i];
            if (there == null || (there.excess && !entry.excess)) {
                entries[i] = entry;
                return true;
            }
        }
        return false;
    }

    /** Forgets everything, such as when a meter was removed. */
    void clear() {
        table = ofSlots(LEAST);
    }

    /** The table as it is now. */
    @Nullable
    Entry[] table() {
        return table;
    }

    int capacity() {
        return table.length - WAYS + 1;
    }
}
