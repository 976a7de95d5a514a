// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.StackText;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LogSink;
import dev.hyperion.spi.LoggerLevel;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Listens to {@code java.util.logging} with a handler of the root logger. Levels are matched as by SLF4J's bridge: FINEST is
 * trace, FINER and FINE debug, CONFIG and INFO info, WARNING warn, what is above error.
 */
final class JulBridge implements LogBridge {
    /** Held: the log manager itself keeps loggers weakly, and a level goes with its logger. */
    private final Logger root = Logger.getLogger("");

    private final Listener listener;

    JulBridge(LogSink sink) {
        this.listener = new Listener(sink);
        root.addHandler(listener);
    }

    private static final class Listener extends Handler {
        private final LogSink sink;
        private final SimpleFormatter formatter = new SimpleFormatter();
        private final ThreadLocal<Boolean> busy = new ThreadLocal<>();

        Listener(LogSink sink) {
            this.sink = sink;
            setLevel(Level.ALL);
        }

        @Override
        public void publish(@Nullable LogRecord record) {
            if (record == null || !isLoggable(record)) {
                return;
            }
            if (busy.get() != null) {
                sink.dropped(1);
                return;
            }
            busy.set(Boolean.TRUE);
            try {
                sink.log(entry(record));
            } catch (RuntimeException | StackOverflowError e) {
                // an argument or throwable that cannot be printed; logging must not fail the one who logs
                sink.dropped(1);
            } finally {
                busy.remove();
            }
        }

        private LogEntry entry(LogRecord record) {
            String template = String.valueOf(record.getMessage());
            String message = record.getMessage() == null ? template : formatter.formatMessage(record);
            Throwable thrown = record.getThrown();
            return new LogEntry(
                    record.getInstant(),
                    ours(record.getLevel()),
                    record.getLoggerName() == null ? "" : record.getLoggerName(),
                    message,
                    Map.of("thread", Thread.currentThread().getName()),
                    template,
                    thrown == null ? "" : StackText.of(thrown, sink.longestStack()),
                    0,
                    1);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    static LogLevel ours(Level level) {
        int value = level.intValue();
        if (value > Level.WARNING.intValue()) {
            return LogLevel.ERROR;
        }
        if (value > Level.INFO.intValue()) {
            return LogLevel.WARN;
        }
        if (value > Level.FINE.intValue()) {
            return LogLevel.INFO;
        }
        return value > Level.FINEST.intValue() ? LogLevel.DEBUG : LogLevel.TRACE;
    }

    private static Level theirs(LogLevel level) {
        return switch (level) {
            case TRACE -> Level.FINEST;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR -> Level.SEVERE;
        };
    }

    private static String theirs(String logger) {
        return logger.equals(ROOT) ? "" : logger;
    }

    @Override
    public LoggerLevel level(String logger) {
        String name = theirs(logger);
        Logger exact = LogManager.getLogManager().getLogger(name);
        Level own = exact == null ? null : exact.getLevel();
        Level effective = own;
        // a logger that is not there follows the nearest one above it that is
        while (effective == null && !name.isEmpty()) {
            name = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
            Logger above = LogManager.getLogManager().getLogger(name);
            effective = above == null ? null : above.getLevel();
        }
        return new LoggerLevel(
                Optional.ofNullable(own).map(JulBridge::ours),
                Optional.ofNullable(effective)
                        .filter(level -> !level.equals(Level.OFF))
                        .map(JulBridge::ours));
    }

    @Override
    public Change set(String logger, LogLevel level) {
        Logger theirs = Logger.getLogger(theirs(logger));
        Level before = theirs.getLevel();
        Level set = theirs(level);
        theirs.setLevel(set);
        return () -> {
            boolean still = set.equals(theirs.getLevel());
            if (still) {
                theirs.setLevel(before);
            }
            return still;
        };
    }

    @Override
    public void close() {
        root.removeHandler(listener);
    }
}
