// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What the client has seen, one entry per request. Thread-safety: thread-safe. */
final class ClientLog {
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One request.
     *
     * @param sentNanos when it was sent
     * @param nanos how long the answer took
     * @param status the HTTP status; 0 if there was no answer
     * @param version the version that answered; empty if none did
     * @param failure what went wrong; empty if nothing did
     */
    record Entry(long sentNanos, long nanos, int status, String version, String failure) {
        boolean failed() {
            return status != 200;
        }
    }

    synchronized void add(Entry entry) {
        entries.add(entry);
    }

    synchronized List<Entry> all() {
        return List.copyOf(entries);
    }

    /** Those sent within a stretch of time. */
    List<Entry> between(long fromNanos, long toNanos) {
        return where(entry -> entry.sentNanos() - fromNanos >= 0 && entry.sentNanos() - toNanos < 0);
    }

    List<Entry> where(Predicate<Entry> wanted) {
        return all().stream().filter(wanted).toList();
    }

    static double percentileMillis(List<Entry> entries, double q) {
        long[] sorted = entries.stream().mapToLong(Entry::nanos).sorted().toArray();
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] / 1e6;
    }
}
