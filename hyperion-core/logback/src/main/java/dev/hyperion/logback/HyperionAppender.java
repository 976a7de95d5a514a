// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.StackText;
import dev.hyperion.spi.LogSink;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Hands what Logback logs to the log ring of Hyperion. In {@code logback.xml} it needs nothing but its class; what is logged
 * before Hyperion starts is kept, up to {@code earlyEntries}, and what did not fit is told and counted when it does.
 *
 * <pre>{@code
 * <appender name="HYPERION" class="dev.hyperion.logback.HyperionAppender">
 *   <earlyEntries>1000</earlyEntries>
 * </appender>
 * }</pre>
 *
 * <p>Without it in the configuration one is attached to the root logger when Hyperion starts, if {@code logs.capture} names
 * {@code logback}.
 *
 * <p>Thread-safety: thread-safe; while connected, entries of different threads do not wait for each other.
 */
public final class HyperionAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private static final int LONGEST_EARLY = 8_192;

    private final Deque<LogEntry> early = new ArrayDeque<>();
    private final ThreadLocal<Boolean> busy = new ThreadLocal<>();
    private volatile @Nullable LogSink sink;
    private int earlyEntries = 1_000;
    private long lost;

    /** For Logback. */
    public HyperionAppender() {}

    /**
     * Sets how many entries of before the start of Hyperion are kept; the oldest make room.
     *
     * @param entries 0 or more; 1,000 unless set
     */
    public void setEarlyEntries(int entries) {
        if (entries < 0) {
            addError("earlyEntries is " + entries + "; expected 0 or more; 1000 are kept");
            return;
        }
        synchronized (early) {
            earlyEntries = entries;
        }
    }

    @Override
    public void start() {
        super.start();
        if (getContext() != null) {
            Meeting.in(getContext()).arrive(this);
        }
    }

    @Override
    public void stop() {
        super.stop();
        if (getContext() != null) {
            Meeting.in(getContext()).leave(this);
        }
    }

    /** Started without being met: the bridge's own. */
    void startAlone() {
        super.start();
    }

    void connect(LogSink to) {
        synchronized (early) {
            if (lost > 0) {
                to.dropped(lost);
                to.log(new LogEntry(
                        early.isEmpty() ? Instant.EPOCH : early.getFirst().at(),
                        LogLevel.WARN,
                        HyperionAppender.class.getName(),
                        lost + " entries of before Hyperion started did not fit into the " + earlyEntries
                                + " that are kept, and are lost; set earlyEntries in logback.xml to keep more",
                        Map.of()));
                lost = 0;
            }
            early.forEach(to::log);
            early.clear();
            sink = to;
        }
    }

    void disconnect() {
        sink = null;
    }

    /**
     * Takes an event. One that is logged by this thread while it is taking another is counted as dropped: the arguments of a
     * message may log when they are printed.
     *
     * @param event what was logged
     */
    @Override
    public void doAppend(ILoggingEvent event) {
        if (busy.get() != null) {
            drop();
            return;
        }
        busy.set(Boolean.TRUE);
        try {
            super.doAppend(event);
        } finally {
            busy.remove();
        }
    }

    private void drop() {
        LogSink to = sink;
        if (to != null) {
            to.dropped(1);
            return;
        }
        synchronized (early) {
            lost++;
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        LogEntry entry;
        LogSink to = sink;
        try {
            entry = entry(event, to == null ? LONGEST_EARLY : to.longestStack());
        } catch (RuntimeException | StackOverflowError e) {
            // an argument that cannot be printed; logging must not fail the one who logs
            drop();
            return;
        }
        if (to == null) {
            to = keep(entry);
        }
        if (to != null) {
            to.log(entry);
        }
    }

    /** Null if it was kept for later. */
    private @Nullable LogSink keep(LogEntry entry) {
        synchronized (early) {
            LogSink to = sink;
            if (to == null) {
                early.addLast(new LogEntry(
                        entry.at(),
                        entry.level(),
                        entry.logger(),
                        StackText.cut(entry.message(), LONGEST_EARLY),
                        entry.fields(),
                        StackText.cut(entry.template(), LONGEST_EARLY),
                        entry.stack(),
                        0,
                        1));
                if (early.size() > earlyEntries) {
                    early.removeFirst();
                    lost++;
                }
            }
            return to;
        }
    }

    private static LogEntry entry(ILoggingEvent event, int longestStack) {
        String message = String.valueOf(event.getFormattedMessage());
        return new LogEntry(
                event.getInstant() == null ? Instant.ofEpochMilli(event.getTimeStamp()) : event.getInstant(),
                ours(event.getLevel()),
                event.getLoggerName(),
                message,
                fields(event),
                event.getMessage() == null ? message : event.getMessage(),
                stack(event.getThrowableProxy(), longestStack),
                0,
                1);
    }

    private static Map<String, String> fields(ILoggingEvent event) {
        Map<String, String> fields = new HashMap<>();
        event.getMDCPropertyMap().forEach((name, value) -> fields.put(String.valueOf(name), String.valueOf(value)));
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                fields.put(String.valueOf(pair.key), String.valueOf(pair.value));
            }
        }
        if (event.getMarkerList() != null && !event.getMarkerList().isEmpty()) {
            fields.put(
                    "marker",
                    event.getMarkerList().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        fields.put("thread", String.valueOf(event.getThreadName()));
        return fields;
    }

    private static String stack(@Nullable IThrowableProxy thrown, int longest) {
        if (thrown == null) {
            return "";
        }
        return thrown instanceof ThrowableProxy here
                ? StackText.of(here.getThrowable(), longest)
                : StackText.cut(ThrowableProxyUtil.asString(thrown), longest);
    }

    static LogLevel ours(Level level) {
        int value = level.toInt();
        if (value >= Level.ERROR_INT) {
            return LogLevel.ERROR;
        }
        if (value >= Level.WARN_INT) {
            return LogLevel.WARN;
        }
        if (value >= Level.INFO_INT) {
            return LogLevel.INFO;
        }
        return value >= Level.DEBUG_INT ? LogLevel.DEBUG : LogLevel.TRACE;
    }
}
