// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LogSink;
import dev.hyperion.spi.LoggerLevel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Listens to one Logback context: through the appenders of its configuration, or, if it has none, through one of its own at the
 * root logger. When the context is configured anew it is there again.
 */
final class LogbackBridge implements LogBridge {
    private final LoggerContext context;
    private final LogSink sink;
    private final Watcher watcher = new Watcher();
    private @Nullable HyperionAppender own;

    LogbackBridge(LoggerContext context, LogSink sink) {
        this.context = context;
        this.sink = sink;
        listen();
        context.addListener(watcher);
    }

    private synchronized void listen() {
        if (!Meeting.in(context).connect(sink, this::giveWay)) {
            HyperionAppender appender = new HyperionAppender();
            appender.setContext(context);
            appender.setName("hyperion");
            appender.connect(sink);
            appender.startAlone();
            root().addAppender(appender);
            own = appender;
        }
    }

    /** Nobody wants to be told everything twice. */
    private synchronized void giveWay() {
        HyperionAppender appender = own;
        own = null;
        if (appender != null) {
            root().detachAppender(appender);
            appender.disconnect();
        }
    }

    private Logger root() {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private final class Watcher implements LoggerContextListener {
        @Override
        public boolean isResetResistant() {
            return true;
        }

        @Override
        public void onStart(LoggerContext started) {}

        /** Called when everything was taken out, before the new configuration is read. */
        @Override
        public void onReset(LoggerContext reset) {
            giveWay();
            listen();
        }

        @Override
        public void onStop(LoggerContext stopped) {}

        @Override
        public void onLevelChange(Logger logger, Level level) {}
    }

    @Override
    public LoggerLevel level(String logger) {
        String name = logger;
        Logger exact = context.exists(name);
        Level own = exact == null ? null : exact.getLevel();
        Logger nearest = exact;
        while (nearest == null) {
            name = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : ROOT;
            nearest = context.exists(name);
        }
        return new LoggerLevel(level(own), level(nearest.getEffectiveLevel()));
    }

    private static Optional<LogLevel> level(@Nullable Level level) {
        return Optional.ofNullable(level)
                .filter(each -> !each.equals(Level.OFF))
                .map(HyperionAppender::ours);
    }

    @Override
    public Change set(String logger, LogLevel level) {
        Logger theirs = context.getLogger(logger);
        Level before = theirs.getLevel();
        Level set = Level.valueOf(level.name());
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
        context.removeListener(watcher);
        Meeting.in(context).disconnect();
        giveWay();
    }
}
