// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What the scaling loop costs with ten thousand applications, in real time, in a JVM of its own. */
public final class LoopCost {
    /** How long it takes, about. */
    public static final Duration DURATION = Duration.ofSeconds(185);

    private LoopCost() {}

    /**
     * Measures for a minute, after two in which the compiler gets done.
     *
     * @param classPath with the autoscaler, its monitoring center and the classes of the benchmarks
     * @return the share of one processor, the worst lateness of a turn, and the turns missed
     * @throws IOException if the JVM does not start
     * @throws InterruptedException if it is interrupted
     */
    public static List<Figure> measure(String classPath) throws IOException, InterruptedException {
        double[] printed = FreshJvm.medians(1, classPath, List.of("-Xmx1g"), ScalingLoop.class);
        return List.of(
                new Figure("hyperion", "cpu", printed[0], "%"),
                new Figure("hyperion", "lateness", printed[1], "ms"),
                new Figure("hyperion", "missed", printed[2], "turns"));
    }
}
