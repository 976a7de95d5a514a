// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.logback;

import ch.qos.logback.core.Context;
import dev.hyperion.spi.LogSink;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the appenders of a Logback context and the bridge find each other, whoever comes first. Kept in the context itself, which
 * forgets it when it is configured anew.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Meeting {
    private static final String KEY = "dev.hyperion.logback";

    private final Set<HyperionAppender> appenders = new LinkedHashSet<>();
    private @Nullable LogSink sink;
    private Runnable arrived = () -> {};

    private Meeting() {}

    static Meeting in(Context context) {
        synchronized (context.getConfigurationLock()) {
            if (context.getObject(KEY) instanceof Meeting there) {
                return there;
            }
            Meeting made = new Meeting();
            context.putObject(KEY, made);
            return made;
        }
    }

    /** An appender of the configuration has started. */
    void arrive(HyperionAppender appender) {
        Runnable tell = () -> {};
        synchronized (this) {
            appenders.add(appender);
            LogSink there = sink;
            if (there != null) {
                appender.connect(there);
                tell = arrived;
            }
        }
        // outside of the lock: the bridge has one of its own, and calls us with it held
        tell.run();
    }

    synchronized void leave(HyperionAppender appender) {
        appenders.remove(appender);
    }

    /**
     * The bridge has come.
     *
     * @param whenOneArrives called when an appender of the configuration starts later
     * @return whether there is an appender of the configuration
     */
    synchronized boolean connect(LogSink to, Runnable whenOneArrives) {
        sink = to;
        arrived = whenOneArrives;
        appenders.forEach(appender -> appender.connect(to));
        return !appenders.isEmpty();
    }

    synchronized void disconnect() {
        sink = null;
        arrived = () -> {};
        appenders.forEach(HyperionAppender::disconnect);
    }
}
