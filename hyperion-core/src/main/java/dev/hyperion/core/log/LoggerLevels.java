// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LoggerLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sets levels of loggers in every backend that is listened to, for a while or until told otherwise, and back to exactly what they
 * had: at the end of the while, when told, and when this instance ends.
 *
 * <p>Thread-safety: thread-safe, blocking among callers.
 */
public final class LoggerLevels implements AutoCloseable {
    private static final int MOST_CHANGES = 1_000;
    private static final int LONGEST_NAME = 256;
    private static final Duration LONGEST = Duration.ofDays(7);

    private final HyperionClock clock;
    private final TaskScheduler scheduler;
    private final Map<String, LogBridge> bridges = new LinkedHashMap<>();
    private final Map<String, Changed> changes = new LinkedHashMap<>();

    /**
     * What a logger logs.
     *
     * @param logger its name
     * @param backends its level in each backend, by the backend's name
     * @param changed whether it was set here
     * @param until when it is set back; empty if it was not set here, or not for a while
     */
    public record State(String logger, Map<String, LoggerLevel> backends, boolean changed, Optional<Instant> until) {}

    private static final class Changed {
        final List<LogBridge.Change> back = new ArrayList<>();
        Optional<Instant> until = Optional.empty();
        TaskScheduler.@Nullable Task end;
    }

    /**
     * Creates levels of no backend.
     *
     * @param clock says when a while is over
     * @param scheduler sets back then
     */
    public LoggerLevels(HyperionClock clock, TaskScheduler scheduler) {
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /**
     * Adds a backend, which is closed with this.
     *
     * @param backend its name
     * @param bridge the bridge to it
     */
    public synchronized void add(String backend, LogBridge bridge) {
        bridges.put(backend, bridge);
    }

    /**
     * Tells what a logger logs.
     *
     * @param logger its name; {@code ROOT} for the one above all
     * @return its level in every backend
     * @throws RefusedException if no backend is listened to
     */
    public synchronized State get(String logger) {
        require(logger);
        Map<String, LoggerLevel> levels = new LinkedHashMap<>();
        bridges.forEach((name, bridge) -> levels.put(name, bridge.level(logger)));
        Changed changed = changes.get(logger);
        return new State(logger, levels, changed != null, changed == null ? Optional.empty() : changed.until);
    }

    /**
     * Sets a level. What was set for this logger before is forgotten; the way back leads to what it had before that.
     *
     * @param logger its name; {@code ROOT} for the one above all
     * @param level this level and above are logged
     * @param lasting how long, up to 7 days; empty for until it is set back, or this instance ends
     * @return what holds now
     * @throws RefusedException if no backend is listened to, or too many levels are set
     * @throws HyperionException if the while is not more than zero, or too long
     */
    public synchronized State set(String logger, LogLevel level, Optional<Duration> lasting) {
        require(logger);
        lasting.filter(time -> time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0)
                .ifPresent(time -> {
                    throw new HyperionException(
                            "for is " + time.toSeconds() + " s; expected more than zero and up to 7d");
                });
        if (!changes.containsKey(logger) && changes.size() >= MOST_CHANGES) {
            throw new RefusedException(
                    "the levels of " + MOST_CHANGES + " loggers are set already; set some of them back first");
        }
        reset(logger);
        Changed changed = new Changed();
        bridges.values().forEach(bridge -> changed.back.add(bridge.set(logger, level)));
        changes.put(logger, changed);
        lasting.ifPresent(time -> {
            changed.until = Optional.of(clock.now().plus(time));
            changed.end = scheduler.once("level of " + logger, time, () -> expire(logger, changed));
        });
        return get(logger);
    }

    private synchronized void expire(String logger, Changed changed) {
        // a task that was taken back too late must not end what was set after it
        if (changes.get(logger) == changed) {
            reset(logger);
        }
    }

    /**
     * Sets a level back.
     *
     * @param logger the logger's name
     * @return whether it was set here
     */
    public synchronized boolean reset(String logger) {
        Changed changed = changes.remove(logger);
        if (changed == null) {
            return false;
        }
        if (changed.end != null) {
            changed.end.cancel();
        }
        changed.back.forEach(LogBridge.Change::undo);
        return true;
    }

    private void require(String logger) {
        if (logger.isBlank() || logger.length() > LONGEST_NAME) {
            throw new HyperionException("logger '" + logger + "' is no name; expected 1 to " + LONGEST_NAME
                    + " characters, or ROOT for the one above all");
        }
        if (bridges.isEmpty()) {
            throw new RefusedException(
                    "no logging backend is listened to here; set logs.capture to [logback] or [jul] in the configuration");
        }
    }

    /** Sets every level back, and listens no longer. */
    @Override
    public synchronized void close() {
        List.copyOf(changes.keySet()).forEach(this::reset);
        bridges.values().forEach(LogBridge::close);
        bridges.clear();
    }
}
