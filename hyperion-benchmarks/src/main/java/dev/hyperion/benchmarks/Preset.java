// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How long to measure. The durations are those of one JDK on two processors. */
enum Preset {
    /** A first impression and a check that all of it works: about 3 minutes. One fork: nothing to publish. */
    SMOKE(1, 1, 1, 200, 1),
    /** What the documents show: about 25 minutes. */
    STANDARD(3, 2, 3, 250, 3),
    /** For close decisions: about 2 hours. */
    FULL(5, 5, 5, 1_000, 7);

    private final int forks;
    private final int warmups;
    private final int measurements;
    private final int iterationMillis;
    private final int starts;

    Preset(int forks, int warmups, int measurements, int iterationMillis, int starts) {
        this.forks = forks;
        this.warmups = warmups;
        this.measurements = measurements;
        this.iterationMillis = iterationMillis;
        this.starts = starts;
    }

    static Preset named(String name) {
        return Arrays.stream(values())
                .filter(preset -> preset.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no preset named '" + name + "'; there are: "
                        + Arrays.stream(values()).map(Preset::word).collect(Collectors.joining(", "))));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    int forks() {
        return forks;
    }

    int warmups() {
        return warmups;
    }

    int measurements() {
        return measurements;
    }

    /** Of one iteration, for what takes nanoseconds. */
    int iterationMillis() {
        return iterationMillis;
    }

    /** Fresh JVMs per figure that is weighed. */
    int starts() {
        return starts;
    }
}
