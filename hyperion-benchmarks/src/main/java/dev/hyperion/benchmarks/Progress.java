// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * Says after each step how long the rest will take: what was expected of it, corrected by how the steps so far kept to
 * their expectations.
 *
 * <p>Thread-safety: confined.
 */
final class Progress {
    private final PrintStream out;
    private final List<Duration> expected;
    private final long began = System.nanoTime();
    private int done;

    Progress(PrintStream out, List<Duration> expected) {
        this.out = out;
        this.expected = expected;
    }

    void done(String what) {
        done++;
        out.printf("[%d of %d, %s left] %s%n", done, expected.size(), remaining(), what);
    }

    String remaining() {
        double past = sum(expected.subList(0, done));
        double pace = done == 0 ? 1 : (System.nanoTime() - began) / 1e9 / past;
        long seconds = Math.round(sum(expected.subList(done, expected.size())) * pace);
        return seconds < 90 ? seconds + " s" : Math.round(seconds / 60.0) + " min";
    }

    private static double sum(List<Duration> some) {
        return some.stream().mapToLong(Duration::toMillis).sum() / 1e3;
    }
}
