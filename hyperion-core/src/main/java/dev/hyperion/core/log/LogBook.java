// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogPage;
import dev.hyperion.monitoring.LogQuery;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.StackText;
import dev.hyperion.spi.LogSink;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The way of a log entry into the ring: counted by level, cut where it is too long, collected with its repetitions, kept. And
 * the way out.
 *
 * <p>Thread-safety: thread-safe; neither writers nor readers ever wait for each other.
 */
public final class LogBook implements LogSink, AutoCloseable {
    private static final int MOST_FIELDS = 32;
    private static final int LONGEST_NAME = 256;

    private final LogSettings settings;
    private final LogRing ring;
    private final Repetitions repetitions;
    private final Map<LogLevel, Counter> counters = new EnumMap<>(LogLevel.class);

    /**
     * Creates an empty book.
     *
     * @param settings what it keeps
     * @param meters where {@code log.entries} and {@code log.entries.lost} are registered
     */
    public LogBook(LogSettings settings, MeterRegistry meters) {
        this.settings = settings;
        this.ring = new LogRing(settings.bytes());
        this.repetitions = new Repetitions(settings.window(), settings.alike(), ring::add);
        for (LogLevel level : LogLevel.values()) {
            counters.put(
                    level,
                    MetricCatalogue.LOG_ENTRIES.counter(meters, level.name().toLowerCase(Locale.ROOT)));
        }
        MetricCatalogue.LOG_ENTRIES_LOST.gauge(
                meters, ring, each -> each.counts().lost());
    }

    @Override
    public void log(LogEntry entry) {
        Counter counter = counters.get(entry.level());
        if (counter != null) {
            if (entry.occurrences() == 1) {
                counter.increment();
            } else {
                counter.increment(entry.occurrences());
            }
        }
        repetitions.take(cut(entry));
    }

    @Override
    public int longestStack() {
        return settings.longestStack();
    }

    @Override
    public void dropped(long entries) {
        ring.dropped(entries);
    }

    private LogEntry cut(LogEntry entry) {
        boolean fits = entry.message().length() <= settings.longestMessage()
                && entry.stack().length() <= settings.longestStack()
                && fit(entry.fields());
        if (fits) {
            return entry;
        }
        String message = StackText.cut(entry.message(), settings.longestMessage());
        return new LogEntry(
                entry.at(),
                entry.level(),
                StackText.cut(entry.logger(), LONGEST_NAME),
                message,
                cut(entry.fields()),
                StackText.cut(entry.template(), settings.longestMessage()),
                StackText.cut(entry.stack(), settings.longestStack()),
                0,
                entry.occurrences());
    }

    private boolean fit(Map<String, String> fields) {
        if (fields.isEmpty()) {
            return true;
        }
        boolean fit = fields.size() <= MOST_FIELDS;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            fit &= field.getKey().length() <= LONGEST_NAME && field.getValue().length() <= settings.longestMessage();
        }
        return fit;
    }

    private Map<String, String> cut(Map<String, String> fields) {
        Map<String, String> kept = new HashMap<>();
        fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(MOST_FIELDS)
                .forEach(field -> kept.put(
                        StackText.cut(field.getKey(), LONGEST_NAME),
                        StackText.cut(field.getValue(), settings.longestMessage())));
        if (fields.size() > MOST_FIELDS) {
            kept.put("more_fields", Integer.toString(fields.size() - MOST_FIELDS));
        }
        return kept;
    }

    /**
     * Reads entries.
     *
     * @param query which
     * @return them, and what was missed
     */
    public LogPage read(LogQuery query) {
        return ring.read(query);
    }

    /**
     * Tells the repetitions whose window is over. Called by the tick of the monitoring center.
     *
     * @param now the time
     */
    public void tick(Instant now) {
        repetitions.tick(now);
    }

    /** Tells the repetitions of windows that are still open; entries can still be written and read. */
    @Override
    public void close() {
        repetitions.flush();
    }
}
