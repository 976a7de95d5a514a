// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.PluginException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What is to go wrong with a simulated plugin: the next calls of an operation fail, before or after they took effect.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class Faults {
    private final String plugin;
    private final Map<String, Deque<Kind>> planned = new HashMap<>();

    /** How a call goes wrong. */
    public enum Kind {
        /** It fails and nothing was changed. */
        FAILS,
        /** It was carried out, and the answer is lost. */
        ANSWER_LOST,
        /** The calling process is killed before the call takes effect. */
        CRASH_BEFORE,
        /** The calling process is killed after the call took effect. */
        CRASH_AFTER
    }

    Faults(String plugin) {
        this.plugin = plugin;
    }

    /**
     * Plans a fault.
     *
     * @param operation the method, such as {@code ensure}
     * @param kind how it goes wrong
     * @param times how many calls in a row
     */
    public synchronized void plan(String operation, Kind kind, int times) {
        for (int i = 0; i < times; i++) {
            planned.computeIfAbsent(operation, o -> new ArrayDeque<>()).add(kind);
        }
    }

    /** Forgets every fault that has not happened yet. */
    public synchronized void clear() {
        planned.clear();
    }

    /** What one call returns, with its fault. */
    interface Call<T> {
        T run();
    }

    <T> T around(String operation, Call<T> call) {
        Kind kind;
        synchronized (this) {
            Deque<Kind> next = planned.get(operation);
            kind = next == null ? null : next.poll();
        }
        if (kind == null) {
            return call.run();
        }
        String where = plugin + " " + operation;
        if (kind == Kind.CRASH_BEFORE) {
            throw new SimulatedCrash("before " + where);
        }
        if (kind == Kind.FAILS) {
            throw new PluginException(where + " fails as planned; try again", true);
        }
        T answer = call.run();
        if (kind == Kind.CRASH_AFTER) {
            throw new SimulatedCrash("after " + where);
        }
        throw new PluginException("the answer of " + where + " " + answer + " is lost as planned; try again", true);
    }
}
