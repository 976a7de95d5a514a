// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which series each name has, and how many it may have: the guard against tags whose values never end.
 *
 * <p>A name has room for a number of series. What is asked for beyond it is folded into one further series, tagged
 * {@code overflow="true"} and nothing else, that records for all of them. Meters over a function of the application cannot be
 * folded, since Micrometer hands on the function of the first one only: beyond the limit they are refused. A series that is
 * removed gives its place back.
 *
 * <p>Thread-safety: thread-safe; a known series and a name without room are told without a lock.
 */
@SuppressWarnings("EnumOrdinal") // an index within this process, never stored
final class SeriesIndex {
    static final String OVERFLOW = "overflow";
    private static final int TYPES = Meter.Type.values().length;
    private static final Listed NOTHING = new Listed(-1, List.of());

    private final ConcurrentHashMap<String, Named> names = new ConcurrentHashMap<>();
    private final int most;

    /** A series; without a meter it has been let in and is about to be registered. */
    private record Entry(@Nullable Meter meter, long order) {}

    private record Listed(long version, List<Meter> meters) {}

    /** The series of one name; changed within {@code names.compute} alone. */
    private static final class Named {
        private final ConcurrentHashMap<Meter.Id, Entry> entries = new ConcurrentHashMap<>();
        private final AtomicReferenceArray<Meter.@Nullable Id> excess = new AtomicReferenceArray<>(TYPES);
        private final AtomicInteger taken = new AtomicInteger(); // entries without those of the excess
        private final AtomicInteger byFunction = new AtomicInteger(); // a bit for each type with meters over functions
        private final AtomicLong version = new AtomicLong();
        private volatile Listed listed = NOTHING;

        boolean isExcess(Meter.Id id) {
            Meter.Id own = excess.get(id.getType().ordinal());
            return own != null && own.equals(id);
        }

        /** The list is made when it is asked for, and once for each change: ten thousand series come one by one. */
        List<Meter> list() {
            Listed last = listed;
            long now = version.get();
            if (last.version() == now) {
                return last.meters();
            }
            List<Meter> meters = entries.values().stream()
                    .sorted(Comparator.comparingLong(Entry::order))
                    .flatMap(entry -> Stream.ofNullable(entry.meter()))
                    .toList();
            listed = new Listed(now, meters);
            return meters;
        }
    }

    SeriesIndex(int most) {
        this.most = most;
    }

    List<Meter> named(String name) {
        Named named = names.get(name);
        return named == null ? List.of() : named.list();
    }

    SortedSet<String> names() {
        TreeSet<String> all = new TreeSet<>();
        names.forEach((name, named) -> {
            if (!named.list().isEmpty()) {
                all.add(name);
            }
        });
        return all;
    }

    /**
     * Finds a place for a series.
     *
     * @param id what is asked for, after all filters
     * @param denied whether a filter will turn it away; then it takes no place
     * @return the id itself, or that of the excess
     */
    Meter.Id place(Meter.Id id, Predicate<Meter.Id> denied) {
        Named named = names.get(id.getName());
        if ((named != null && named.entries.containsKey(id)) || denied.test(id) || promise(id)) {
            return id;
        }
        named = names.get(id.getName());
        return named == null || isByFunction(named, id.getType()) ? id : excess(named, id);
    }

    private boolean promise(Meter.Id id) {
        Named full = names.get(id.getName());
        if (full != null && full.taken.get() >= most) {
            return false;
        }
        boolean[] promised = {false};
        names.compute(id.getName(), (name, known) -> {
            Named named = known == null ? new Named() : known;
            promised[0] = named.entries.containsKey(id);
            if (!promised[0] && named.taken.get() < most) {
                named.entries.put(id, new Entry(null, 0));
                named.taken.incrementAndGet();
                promised[0] = true;
            }
            return named;
        });
        return promised[0];
    }

    /** One for each type, since a name may have, say, timers and counters, and one id has one meter. */
    private static Meter.Id excess(Named named, Meter.Id id) {
        int type = id.getType().ordinal();
        Meter.Id known = named.excess.get(type);
        if (known != null) {
            return known;
        }
        synchronized (named) {
            Tags tags = Tags.of(OVERFLOW, "true");
            for (int i = 0; i < TYPES; i++) {
                if (i != type && named.excess.get(i) != null) {
                    tags = tags.and("type", id.getType().name().toLowerCase(Locale.ROOT));
                    break;
                }
            }
            Meter.Id fresh = new Meter.Id(id.getName(), tags, id.getBaseUnit(), id.getDescription(), id.getType());
            return named.excess.compareAndSet(type, null, fresh)
                    ? fresh
                    : Objects.requireNonNull(named.excess.get(type));
        }
    }

    private static boolean isByFunction(Named named, Meter.Type type) {
        return type == Meter.Type.GAUGE || (named.byFunction.get() & 1 << type.ordinal()) != 0;
    }

    /** Notes that meters of a type and name are read through functions, and so cannot be folded. */
    void byFunction(Meter.Id id) {
        names.computeIfPresent(id.getName(), (name, named) -> {
            named.byFunction.set(named.byFunction.get() | 1 << id.getType().ordinal());
            return named;
        });
    }

    boolean isExcess(Meter.Id id) {
        Named named = names.get(id.getName());
        return named != null && named.isExcess(id);
    }

    /** Whether a meter over a function finds no room. */
    boolean refuses(Meter.Id id) {
        Named named = names.get(id.getName());
        return named != null
                && named.taken.get() >= most
                && isByFunction(named, id.getType())
                && !named.entries.containsKey(id);
    }

    /** Called when a meter has been registered, under the registry's lock. */
    void added(Meter meter, long order) {
        Meter.Id id = meter.getId();
        names.compute(id.getName(), (name, known) -> {
            Named named = known == null ? new Named() : known;
            boolean promised = named.entries.put(id, new Entry(meter, order)) != null;
            if (!promised && !named.isExcess(id)) {
                named.taken.incrementAndGet();
            }
            named.version.incrementAndGet();
            return named;
        });
    }

    /** Called when a meter has been removed, under the registry's lock. */
    void removed(Meter meter) {
        Meter.Id id = meter.getId();
        names.computeIfPresent(id.getName(), (name, named) -> {
            if (named.entries.remove(id) != null && !named.isExcess(id)) {
                named.taken.decrementAndGet();
            }
            named.version.incrementAndGet();
            return named.entries.isEmpty() ? null : named;
        });
    }
}
