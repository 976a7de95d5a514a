// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is measured together and kept in one file. */
enum Group {
    RECORD("\\.record\\.RecordLatencyBenchmark\\.", Load.ONE_ALL_AND_MORE),
    VIRTUAL("\\.record\\.RecordOnVirtualThreadsBenchmark\\.", Load.ONE),
    COUNT("\\.record\\.CountBenchmark\\.", Load.ONE_AND_ALL),
    TAGS("\\.record\\.TagLookupBenchmark\\.", Load.ONE_AND_ALL),
    READ("\\.read\\.WindowQueryBenchmark\\.", Load.ONE),
    MERGE("\\.read\\.MergeBenchmark\\.", Load.ONE),
    SCRAPE("\\.scrape\\.", Load.ONE),
    ALERT("\\.alert\\.", Load.ONE),
    DECIDE("\\.decide\\.", Load.ONE),
    DESIGNS("\\.designs\\.", Load.ONE_AND_ALL),
    LOOP("", Load.ONE),
    MEMORY("", Load.ONE),
    EMBEDDING("", Load.ONE);

    private static final int VIRTUAL_THREADS_SINCE = 21;
    private static final int LONG_MILLIS = 1_000;

    private final String include;
    private final Load load;

    /** With how many threads: one, as many as there are processors, and four times as many. */
    private enum Load {
        ONE(1),
        ONE_AND_ALL(2),
        ONE_ALL_AND_MORE(3);

        private final int steps;

        Load(int steps) {
            this.steps = steps;
        }
    }

    Group(String include, Load load) {
        this.include = include;
        this.load = load;
    }

    static List<Group> named(String names) {
        return Arrays.stream(names.split(",", -1)).map(Group::one).toList();
    }

    private static Group one(String name) {
        return Arrays.stream(values())
                .filter(group -> group.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing named '" + name + "' is measured; there are: "
                        + Arrays.stream(values()).map(Group::word).collect(Collectors.joining(", "))));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The benchmarks that belong to it; empty for what is weighed rather than timed. */
    String include() {
        return include;
    }

    boolean isWeighed() {
        return include.isEmpty();
    }

    boolean runsOn(int javaVersion) {
        return this != VIRTUAL || javaVersion >= VIRTUAL_THREADS_SINCE;
    }

    /** How many threads to run with, one after the other; a smoke run leaves out more threads than processors. */
    List<Integer> threads(Preset preset, int processors) {
        int all = Math.max(2, processors);
        return Stream.of(1, all, 4 * all)
                .limit(preset == Preset.SMOKE ? Math.min(2, load.steps) : load.steps)
                .toList();
    }

    /** Of one iteration: the more code is behind a call, the longer it takes to be compiled; the more it takes, the fewer fit. */
    int iterationMillis(Preset preset) {
        return switch (this) {
            case SCRAPE, ALERT, VIRTUAL -> 3 * preset.iterationMillis();
            case READ, MERGE -> 2 * preset.iterationMillis();
            // whole decisions are much code: after half a second some of it was still being compiled
            case DECIDE -> Math.max(LONG_MILLIS, 2 * preset.iterationMillis());
            case RECORD, COUNT, TAGS, DESIGNS, LOOP, MEMORY, EMBEDDING -> preset.iterationMillis();
        };
    }

    /**
     * How many iterations warm up. A call of a few nanoseconds is compiled anew for each way into the loop around it that was
     * seen, and the way that lasts is entered once an iteration: it needs many of them, however short.
     */
    int warmups(Preset preset) {
        return isOneCall() ? 8 * preset.warmups() : preset.warmups();
    }

    /** How long each of those takes. */
    int warmupMillis(Preset preset) {
        return isOneCall() ? iterationMillis(preset) / 4 : iterationMillis(preset);
    }

    private boolean isOneCall() {
        return this == RECORD || this == COUNT || this == TAGS || this == DESIGNS;
    }

    /** What a fork needs before and after its iterations, as far as one can guess. */
    int setUpMillis() {
        return this == SCRAPE || this == ALERT || this == MERGE ? 4_000 : 900;
    }

    /** Ten thousand series of some peers do not fit into what one instrument needs. */
    String heap() {
        return this == SCRAPE ? "2g" : "1g";
    }
}
