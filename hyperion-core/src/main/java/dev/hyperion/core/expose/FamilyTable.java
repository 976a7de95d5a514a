// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of a registry as families of series: names and labels are made legal once per meter, and put in order once per
 * change of the registry.
 *
 * <p>What would be told twice under one name is told apart, since a scraper refuses the whole scrape for it. Who was there
 * first keeps name and labels:
 *
 * <ul>
 *   <li>a family whose samples would have the name of another family's gets {@code _as_} and its type behind its name
 *   <li>a meter whose name becomes the family of a meter of another name gets the label {@code meter}, its own name
 *   <li>a series whose labels another one of its family has gets the label {@code series}, a number
 * </ul>
 *
 * Each such meter is counted, and each family of them logged, once.
 *
 * <p>Nothing of a meter is kept once it is removed. Thread-safety: thread-safe; a change of the registry blocks the next
 * scrape while the table is made, never writers of meters.
 */
final class FamilyTable {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyTable.class);
    private static final int MOST_LOGGED = 1_000;

    private final HyperionMeterRegistry registry;
    private final ExpositionSettings settings;
    private final Counter conflicts;
    private final AtomicLong changes = new AtomicLong();
    private final Object building = new Object();
    /** In the order in which meters came; guarded by {@link #building}. */
    private Map<Meter, Entry> known = new LinkedHashMap<>();

    private final Set<String> logged = new HashSet<>();
    private volatile @Nullable Built current;

    /** The families, and the meters that somebody else's function stands behind. */
    record Built(long changes, Collection<Family> families, Collection<Meter> functions) {}

    /** What a meter is told as, before it has found its place. */
    private record Point(
            String family,
            Family.Type type,
            String unit,
            ToDoubleFunction<Meter> value,
            @Nullable Bounds bounds) {}

    private static final class Entry {
        private final List<Point> points;
        private final Map<Point, Series> series =
                new HashMap<>(2); // points have no two alike: each has a function of its own
        private boolean told;

        Entry(List<Point> points) {
            this.points = points;
        }
    }

    FamilyTable(HyperionMeterRegistry registry, ExpositionSettings settings, Counter conflicts) {
        this.registry = registry;
        this.settings = settings;
        this.conflicts = conflicts;
        registry.config().onMeterAdded(meter -> changes.incrementAndGet());
        registry.config().onMeterRemoved(meter -> {
            changes.incrementAndGet();
            current = null;
            synchronized (building) {
                known.remove(meter);
            }
        });
    }

    /** What there is now, families in alphabetical order. */
    Built now() {
        Built built = current;
        if (built != null && built.changes() == changes.get()) {
            return built;
        }
        synchronized (building) {
            built = current;
            if (built == null || built.changes() != changes.get()) {
                long before = changes.get(); // a meter that comes while we build makes this table outdated at once
                built = build(before);
                current = built;
            }
            return built;
        }
    }

    private Built build(long before) {
        IdentityHashMap<Meter, Entry> present = new IdentityHashMap<>();
        List<Meter> fresh = new ArrayList<>();
        for (String name : registry.names()) {
            for (Meter meter : registry.named(name)) {
                Entry entry = known.get(meter);
                if (entry == null) {
                    fresh.add(meter);
                } else {
                    present.put(meter, entry);
                }
            }
        }
        Map<Meter, Entry> next = new LinkedHashMap<>();
        known.forEach((meter, entry) -> {
            if (present.containsKey(meter)) { // the very same, not one that was registered anew under its name
                next.put(meter, entry);
            }
        });
        fresh.forEach(meter -> next.put(meter, new Entry(points(meter))));
        known = next;
        Placing placing = new Placing();
        known.forEach(placing::place);
        return new Built(
                before,
                List.copyOf(placing.families.values()),
                known.keySet().stream()
                        .filter(meter -> !(meter instanceof DistributionMeter))
                        .toList());
    }

    /** One pass over all meters, giving each its family. */
    private final class Placing {
        private final TreeMap<String, Family> families = new TreeMap<>();
        private final Map<String, Family> claimed = new HashMap<>();

        void place(Meter meter, Entry entry) {
            for (Point point : entry.points) {
                Family family = familyFor(point, meter);
                Series before = entry.series.get(point);
                Labels labels = labels(meter, family, before);
                Series series = before != null && before.labels.equals(labels)
                        ? before
                        : new Series(meter, point.value(), labels, point.bounds());
                entry.series.put(point, series);
                family.add(series);
                boolean asked = family.name.equals(point.family()) && labels.equals(plain(meter, family));
                if (!asked && !entry.told) {
                    entry.told = true;
                    conflicts.increment();
                    if (logged.size() < MOST_LOGGED && logged.add(family.name)) {
                        LOG.warn(
                                "meter {} is exported as {}{{}}: its own name or tags are those of {} there",
                                ExpositionNames.escapeLabel(meter.getId().toString()), // may hold ends of lines
                                family.name,
                                new String(labels.text(), StandardCharsets.UTF_8),
                                ExpositionNames.escapeLabel(
                                        Objects.requireNonNull(claimed.get(point.family())).meterName));
                    }
                }
            }
        }

        private Family familyFor(Point point, Meter meter) {
            String name = point.family();
            for (int number = 1; ; number++) {
                Family there = claimed.get(name);
                if (there != null && there.name.equals(name) && there.type == point.type()) {
                    return there;
                }
                if (point.type().names(name).stream().noneMatch(claimed::containsKey)) {
                    String help = meter.getId().getDescription();
                    Family family = new Family(
                            name,
                            point.type(),
                            help == null || help.isBlank()
                                    ? "The " + point.type().text() + " "
                                            + meter.getId().getName() + "."
                                    : help,
                            point.unit(),
                            meter.getId().getName());
                    families.put(name, family);
                    point.type().names(name).forEach(each -> claimed.put(each, family));
                    return family;
                }
                name = point.family() + "_as_" + point.type().text() + (number == 1 ? "" : "_" + number);
            }
        }

        private Labels labels(Meter meter, Family family, @Nullable Series before) {
            Labels own = plain(meter, family);
            if (!family.meterName.equals(meter.getId().getName())) {
                own = own.with("meter", meter.getId().getName());
            }
            if (before != null && before.labels.equals(own) && family.isFree(own)) {
                return before.labels;
            }
            Labels labels = own;
            for (int number = 2; !family.isFree(labels); number++) {
                labels = own.with("series", Integer.toString(number));
            }
            return labels;
        }
    }

    private static Labels plain(Meter meter, Family family) {
        return Labels.of(
                meter,
                switch (family.type) {
                    case SUMMARY -> "quantile";
                    case HISTOGRAM -> "le";
                    case COUNTER, GAUGE -> "";
                });
    }

    private List<Point> points(Meter meter) {
        String name = meter.getId().getName();
        return meter.match(
                gauge -> List.of(gauge(gauge, name, Gauge::value)),
                counter -> List.of(counter(counter, name, Counter::count)),
                timer -> List.of(distribution(timer, name, "seconds")),
                summary -> List.of(distribution(summary, name, summary.getId().getBaseUnit())),
                tasks -> longTasks(tasks, name),
                gauge -> List.of(point(name, Family.Type.GAUGE, "seconds", gauge, g -> g.value(TimeUnit.SECONDS))),
                counter -> List.of(counter(counter, name, FunctionCounter::count)),
                timer -> List.of(point(name, Family.Type.SUMMARY, "seconds", timer, t -> 0)),
                other -> measurements(other, name));
    }

    private Point distribution(Meter meter, String name, @Nullable String unit) {
        boolean times = meter instanceof Timer;
        double[] own = meter instanceof DistributionMeter ours ? ours.bounds() : new double[0];
        Bounds bounds = own.length > 0
                ? new Bounds(own, times ? 1e9 : 1)
                : settings.distributions() == ExpositionSettings.Distributions.SUMMARY
                        ? null
                        : times ? Bounds.OF_TIMES : Bounds.OF_VALUES;
        return new Point(
                ExpositionNames.family(name, unit),
                bounds == null ? Family.Type.SUMMARY : Family.Type.HISTOGRAM,
                ExpositionNames.unit(unit),
                m -> 0,
                bounds);
    }

    private static <M extends Meter> Point gauge(M meter, String name, ToDoubleFunction<M> value) {
        return point(name, Family.Type.GAUGE, meter.getId().getBaseUnit(), meter, value);
    }

    private static <M extends Meter> Point counter(M meter, String name, ToDoubleFunction<M> value) {
        return point(name, Family.Type.COUNTER, meter.getId().getBaseUnit(), meter, value);
    }

    @SuppressWarnings("unchecked") // the value function is only ever applied to the meter it came with
    private static <M extends Meter> Point point(
            String name,
            Family.Type type,
            @Nullable String unit,
            @SuppressWarnings("unused") M meter, // what the function is of
            ToDoubleFunction<M> value) {
        String family = ExpositionNames.family(name, unit);
        boolean total = type == Family.Type.COUNTER && family.endsWith("_total") && !family.equals("_total");
        return new Point(
                total ? family.substring(0, family.length() - "_total".length()) : family,
                type,
                ExpositionNames.unit(unit),
                (ToDoubleFunction<Meter>) value,
                null);
    }

    private static List<Point> longTasks(LongTaskTimer tasks, String name) {
        return List.of(
                point(name + ".active", Family.Type.GAUGE, null, tasks, LongTaskTimer::activeTasks),
                point(name + ".duration", Family.Type.GAUGE, "seconds", tasks, t -> t.duration(TimeUnit.SECONDS)),
                point(name + ".longest", Family.Type.GAUGE, "seconds", tasks, t -> t.max(TimeUnit.SECONDS)));
    }

    private static List<Point> measurements(Meter meter, String name) {
        List<Point> points = new ArrayList<>();
        for (Measurement measurement : meter.measure()) {
            String part = name + "." + part(measurement);
            points.add(
                    switch (measurement.getStatistic()) {
                        case TOTAL, COUNT, TOTAL_TIME ->
                            point(part, Family.Type.COUNTER, null, meter, m -> measurement.getValue());
                        case VALUE, UNKNOWN -> gauge(meter, name, m -> measurement.getValue());
                        case MAX, ACTIVE_TASKS, DURATION ->
                            point(part, Family.Type.GAUGE, null, meter, m -> measurement.getValue());
                    });
        }
        return points;
    }

    private static String part(Measurement measurement) {
        return switch (measurement.getStatistic()) {
            case TOTAL -> "total";
            case TOTAL_TIME -> "time_seconds";
            case COUNT -> "events";
            case MAX -> "max";
            case ACTIVE_TASKS -> "active";
            case DURATION -> "duration_seconds";
            case VALUE, UNKNOWN -> "value";
        };
    }
}
