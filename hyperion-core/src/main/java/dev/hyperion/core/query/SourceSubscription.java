// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Statistic;
import dev.hyperion.spi.MetricSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One query that is put to one metric source again and again, and what it answered.
 *
 * <p>Cumulative answers are kept as marks, so that windows over a source are differences like those over our own meters. A
 * series whose start id changed began at zero: what it tells now is added to what it had counted before, so that no rate
 * is negative and nothing is counted twice. A series that turns up after the first answer began at zero as well; one that
 * was there at first has an unknown past, and counts from then on.
 *
 * <p>Thread-safety: thread-safe, blocking.
 */
final class SourceSubscription {
    private final String sourceName;
    private final MetricSource source;
    private final MetricQuery query;
    private final HyperionClock clock;
    private final Duration deadline;
    private final Duration staleAfter;
    private final AtomicBoolean polling = new AtomicBoolean();

    private final Map<Map<String, String>, Counted> counted = new HashMap<>();
    private List<Sample> latest = List.of();
    private Coverage coverage = Coverage.full();
    private @Nullable MetricResult unanswered = new MetricResult.NoData("not asked yet");
    private boolean everAnswered;
    private long answeredNanos;
    private long watchedSince;
    private Instant answeredAt = Instant.EPOCH;
    private volatile long askedNanos;
    private Duration longestWindow;

    /** A cumulative series: the incarnation that it is in, what earlier ones counted, and its marks. */
    private static final class Counted {
        private String startId;
        private @Nullable Totals before;
        private Totals now;
        private final SeriesWindow window;

        Counted(String startId, Totals now, SeriesWindow window) {
            this.startId = startId;
            this.now = now;
            this.window = window;
        }

        Totals all() {
            return before == null ? now : before.plus(now);
        }
    }

    SourceSubscription(
            String sourceName,
            MetricSource source,
            MetricQuery query,
            HyperionClock clock,
            Duration deadline,
            Duration staleAfter) {
        this.sourceName = sourceName;
        this.source = source;
        this.query = query;
        this.clock = clock;
        this.deadline = deadline;
        this.staleAfter = staleAfter;
        this.askedNanos = clock.monotonicNanos();
        this.longestWindow = query.window();
    }

    /** How long ago somebody wanted an answer. */
    Duration idle() {
        return Duration.ofNanos(clock.monotonicNanos() - askedNanos);
    }

    /** Asks the source once; does nothing while an earlier question is still open. May block up to the deadline. */
    void poll() {
        if (!polling.compareAndSet(false, true)) {
            return;
        }
        try {
            take(source.query(query, Deadline.in(clock, deadline)));
        } catch (HyperionException e) {
            refuse(new MetricResult.Failed("metric source '" + sourceName + "': " + e.getMessage()));
        } catch (RuntimeException e) {
            // a plugin's failure is that plugin's result, whatever it threw
            refuse(new MetricResult.Failed("metric source '" + sourceName + "' failed: " + e));
        } finally {
            polling.set(false);
        }
    }

    private synchronized void refuse(MetricResult result) {
        unanswered = result;
    }

    private synchronized void take(MetricResult result) {
        if (!(result instanceof MetricResult.Samples samples)) {
            unanswered = result instanceof MetricResult.Failed failed
                    ? new MetricResult.Failed("metric source '" + sourceName + "': " + failed.why())
                    : result;
            return;
        }
        long nanos = clock.monotonicNanos();
        Instant at = clock.now();
        for (Sample sample : samples.all()) {
            totals(sample.value()).ifPresent(totals -> count(sample, totals, nanos, at));
        }
        counted.values().removeIf(series -> series.window.idleSince(nanos).compareTo(retention()) > 0);
        latest = samples.all();
        coverage = samples.answered();
        unanswered = null;
        watchedSince = everAnswered ? watchedSince : nanos;
        everAnswered = true;
        answeredNanos = nanos;
        answeredAt = at;
    }

    private Duration retention() {
        return longestWindow.plus(Duration.ofSeconds(10));
    }

    private void count(Sample sample, Totals totals, long nanos, Instant at) {
        String startId = startId(sample.value());
        Counted series = counted.get(sample.labels());
        if (series == null) {
            SeriesWindow.Mark first = everAnswered
                    ? new SeriesWindow.Mark(answeredNanos, answeredAt, totals.minus(totals))
                    : new SeriesWindow.Mark(nanos, at, totals);
            series = new Counted(startId, totals, new SeriesWindow(first));
            counted.put(sample.labels(), series);
        } else if (series.startId.equals(startId)) {
            series.now = totals;
        } else {
            series.before = series.all();
            series.startId = startId;
            series.now = totals;
        }
        series.window.mark(new SeriesWindow.Mark(nanos, at, series.all()), retention());
    }

    private static Optional<Totals> totals(SampleValue value) {
        if (value instanceof SampleValue.Cumulative cumulative) {
            return Optional.of(new Totals.Count(cumulative.value()));
        }
        if (value instanceof SampleValue.Distributed distributed) {
            return Optional.of(new Totals.Distributed(distributed.distribution()));
        }
        return Optional.empty();
    }

    private static String startId(SampleValue value) {
        if (value instanceof SampleValue.Cumulative cumulative) {
            return cumulative.startId();
        }
        return value instanceof SampleValue.Distributed distributed
                ? distributed.startId().orElse("")
                : "";
    }

    /** Begins anew: what the source counted until now lies before every later window. */
    synchronized void reset() {
        watchedSince = answeredNanos;
        for (Counted series : counted.values()) {
            series.window.restart(new SeriesWindow.Mark(answeredNanos, answeredAt, series.all()));
        }
    }

    /** Whether the answers can be used for a query: totals for any statistic and window, else for the very same query. */
    synchronized boolean serves(MetricQuery asked) {
        return !counted.isEmpty() || query.equals(asked);
    }

    /** What is known now; a failed or stale source is told as such and its last figures are not told as of now. */
    synchronized Raw raw(MetricQuery asked, boolean ever) {
        askedNanos = clock.monotonicNanos();
        longestWindow = asked.window().compareTo(longestWindow) > 0 ? asked.window() : longestWindow;
        Duration age = Duration.ofNanos(askedNanos - answeredNanos);
        if (!everAnswered || unanswered instanceof MetricResult.NoData) {
            return new Raw.Nothing(unanswered == null ? new MetricResult.NoData("not asked yet") : unanswered);
        }
        if (age.compareTo(staleAfter) > 0) {
            return new Raw.Nothing(
                    unanswered != null
                            ? unanswered
                            : new MetricResult.Failed("metric source '" + sourceName + "' has not answered for "
                                    + age.toSeconds() + " s"));
        }
        List<Raw.Group> groups = new ArrayList<>();
        if (counted.isEmpty()) {
            SeriesGroup.by(
                            asked.by(),
                            latest,
                            (sample, label) -> sample.labels().get(label))
                    .forEach((labels, members) -> {
                        List<Double> values = members.stream()
                                .map(sample -> ((SampleValue.Scalar) sample.value()).value())
                                .toList();
                        // gauges of replicas are averaged unless something else is asked for
                        Statistic statistic = asked.stat()
                                .filter(s -> s != Statistic.LAST && values.size() > 1)
                                .orElse(Statistic.MEAN);
                        groups.add(new Raw.Level(labels, Evaluation.ofGauges(query.name(), values, statistic)));
                    });
        } else {
            SeriesGroup.by(asked.by(), counted.keySet(), Map::get)
                    .forEach((labels, members) -> SliceSum.of(
                                    members.stream().flatMap(each -> slice(each, asked.window(), ever)))
                            .filter(sum -> !sum.length().isZero()) // one reading makes no window
                            .ifPresent(sum -> groups.add(new Raw.Counted(labels, sum.totals(), sum.length()))));
        }
        return new Raw.Found(groups, answeredAt, coverage);
    }

    private Stream<SeriesWindow.Slice> slice(Map<String, String> labels, Duration length, boolean ever) {
        Counted series = counted.get(labels);
        if (series == null) {
            return Stream.empty();
        }
        SeriesWindow.Mark now = new SeriesWindow.Mark(answeredNanos, answeredAt, series.all());
        return ever
                ? Stream.of(series.window.sinceBaseline(now))
                : series.window.slice(now, length, watchedSince).stream();
    }
}
