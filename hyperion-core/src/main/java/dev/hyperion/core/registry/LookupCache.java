// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.Meter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which meter a name and up to two tags lead to, so that a meter may be looked up for each record.
 *
 * <p>A hit reads one group of four slots, compares strings, and neither locks nor allocates. The table is bounded: what finds
 * its group full replaces another entry once the table has its full size, and is found the long way by whoever asks next.
 * Entries of the excess series, whose tag values may be without end, take free slots only.
 *
 * <p>Thread-safety: thread-safe. Entries are immutable, so that they can be published by plain stores; a reader that does not
 * see the newest one takes the long way. Whoever puts an entry names the table that it saw before it took the long way: a
 * {@link #clear} in between has replaced the table, and the entry, which may be of a removed meter, goes to one that nobody
 * reads any more.
 */
final class LookupCache<M extends Meter> {
    private static final int WAYS = 4;
    private static final int LEAST = 64;
    static final int MOST = 65_536;
    private static final VarHandle TABLE;

    static {
        try {
            TABLE = MethodHandles.lookup().findVarHandle(LookupCache.class, "table", Entry[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Entry[] table = new Entry[LEAST];

    /** What leads to a meter; keys that are not there are null. */
    private static final class Entry {
        private final int hash;
        private final String name;
        private final @Nullable String key;
        private final @Nullable String value;
        private final @Nullable String key2;
        private final @Nullable String value2;
        private final Meter meter;
        private final boolean excess;

        Entry(
                int hash,
                String name,
                @Nullable String key,
                @Nullable String value,
                @Nullable String key2,
                @Nullable String value2,
                Meter meter,
                boolean excess) {
            this.hash = hash;
            this.name = name;
            this.key = key;
            this.value = value;
            this.key2 = key2;
            this.value2 = value2;
            this.meter = meter;
            this.excess = excess;
        }
    }

    /** The table as it is now, to be handed to {@link #put}. */
    @Nullable
    Object[] seen() {
        return table;
    }

    @Nullable
    M find(String name) {
        int hash = name.hashCode();
        @Nullable Entry[] entries = table;
        int group = group(hash, entries.length);
        for (int i = 0; i < WAYS; i++) {
            Entry entry = entries[group + i];
            if (entry != null && entry.hash == hash && entry.key == null && entry.name.equals(name)) {
                return meter(entry);
            }
        }
        return null;
    }

    @Nullable
    M find(String name, String key, String value) {
        int hash = hash(hash(name.hashCode(), key), value);
        @Nullable Entry[] entries = table;
        int group = group(hash, entries.length);
        for (int i = 0; i < WAYS; i++) {
            Entry entry = entries[group + i];
            if (entry != null
                    && entry.hash == hash
                    && entry.key2 == null
                    && entry.name.equals(name)
                    && key.equals(entry.key)
                    && value.equals(entry.value)) {
                return meter(entry);
            }
        }
        return null;
    }

    @Nullable
    M find(String name, String key, String value, String key2, String value2) {
        int hash = hash(hash(hash(hash(name.hashCode(), key), value), key2), value2);
        @Nullable Entry[] entries = table;
        int group = group(hash, entries.length);
        for (int i = 0; i < WAYS; i++) {
            Entry entry = entries[group + i];
            if (entry != null
                    && entry.hash == hash
                    && entry.name.equals(name)
                    && key.equals(entry.key)
                    && value.equals(entry.value)
                    && key2.equals(entry.key2)
                    && value2.equals(entry.value2)) {
                return meter(entry);
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked") // put() takes nothing else
    private M meter(Entry entry) {
        return (M) entry.meter;
    }

    private static int hash(int before, String text) {
        return before * 31 + text.hashCode();
    }

    /** The golden ratio spreads hashes that differ in few bits, as those of numbered tag values do. */
    private static int group(int hash, int length) {
        int spread = hash * 0x9E3779B9;
        return (spread ^ spread >>> 16) & length - WAYS;
    }

    /**
     * Remembers a meter.
     *
     * @param seen what {@link #seen} told before the meter was looked up
     * @param meter what was found
     * @param excess whether it stands for series beyond the limit
     * @param name and the tags, up to two, null where there are none
     */
    void put(
            @Nullable Object[] seen,
            M meter,
            boolean excess,
            String name,
            @Nullable String key,
            @Nullable String value,
            @Nullable String key2,
            @Nullable String value2) {
        int hash = name.hashCode();
        if (key != null && value != null) {
            hash = hash(hash(hash, key), value);
        }
        if (key2 != null && value2 != null) {
            hash = hash(hash(hash, key2), value2);
        }
        Entry entry = new Entry(hash, name, key, value, key2, value2, meter, excess);
        @Nullable Entry[] entries = (Entry[]) seen;
        while (!store(entries, entry) && !excess) {
            if (entries.length == MOST) {
                entries[group(hash, MOST) + (hash >>> 24 & WAYS - 1)] = entry;
                return;
            }
            @Nullable Entry[] larger = new Entry[entries.length * 2];
            for (Entry each : entries) {
                if (each != null) {
                    boolean unused = store(larger, each); // what finds no slot is looked up the long way
                }
            }
            if (!TABLE.compareAndSet(this, entries, larger)) {
                return; // cleared or grown by another thread: the next lookup puts it there
            }
            entries = larger;
        }
    }

    private static boolean store(@Nullable Entry[] entries, Entry entry) {
        int group = group(entry.hash, entries.length);
        for (int i = group; i < group + WAYS; i++) {
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
        table = new Entry[LEAST];
    }

    int capacity() {
        return table.length;
    }
}
