// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.Timeline;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own that record, and are killed: what is there afterwards, and what is not. */
class KilledTimelineTest {
    private static final Instant START = new ManualTime().now();

    @TempDir
    private Path folder;

    private static int errorsIn(long second) {
        return (int) (second * 31 % 17);
    }

    private static int latencyMillisIn(long second) {
        return (int) (second * 7 % 50) + 1;
    }

    @Test
    void aKilledProcessLosesTheLastIntervalAtMostAndNothingBefore() throws Exception {
        long seed = Optional.ofNullable(Long.getLong("hyperion.seed")).orElseGet(() -> new Random().nextLong());
        Random random = new Random(seed);
        TreeSet<Long> told = new TreeSet<>();
        TreeSet<Long> open = new TreeSet<>(); // a second that was under way when the process was killed: there or not
        long second = 0;
        for (int life = 0; life < 5; life++) {
            int seconds = 20 + random.nextInt(80);
            second = live(second, seconds, 1 + random.nextInt(seconds), told) + 1;
            open.add(second);

            check(told, open, second, "seed " + seed + ", life " + life);
        }
    }

    /** Lets a process record second after second, kills it after so many were told, and returns the last one told. */
    private long live(long from, int permitted, int killedAfter, TreeSet<Long> told) throws IOException {
        Process process = process(List.of(), "" + from);
        long last = from;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                OutputStream permits = process.getOutputStream()) {
            permits.write(new byte[permitted]);
            permits.flush();
            for (int i = 0; i < killedAfter; i++) {
                last = Long.parseLong(lines.readLine());
                told.add(last);
            }
            process.toHandle().destroyForcibly(); // leaves what it told before to be read
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                last = Long.parseLong(line);
                told.add(last);
            }
        } finally {
            process.destroyForcibly().onExit().join();
        }
        return last;
    }

    private Process process(List<String> before, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Recording.class.getName(),
                folder.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** A JVM that records into a center, one virtual second for each byte it is given, and tells each that is over. */
    static final class Recording {
        private Recording() {}

        public static void main(String[] arguments) throws IOException {
            ManualTime time = new ManualTime();
            long from = Long.parseLong(arguments[1]);
            time.advance(Duration.ofSeconds(from));
            HyperionMonitoringCenter center =
                    TestCenters.center(MonitoringSettings.defaults(), time, Path.of(arguments[0]));
            Counter errors = center.meters().counter("error");
            Timer latency = center.meters().timer("latency");
            for (long second = from + 1; System.in.read() >= 0; second++) {
                errors.increment(errorsIn(second));
                latency.record(latencyMillisIn(second), TimeUnit.MILLISECONDS);
                time.advanceSeconds(1);
                System.out.println(second);
            }
            System.out.println(-Math.round(
                    center.read("hyperion.timeline.failures").orElseThrow().value()));
            center.close();
        }
    }

    private void check(TreeSet<Long> told, TreeSet<Long> open, long now, String as) {
        ManualTime time = new ManualTime();
        time.advance(Duration.ofSeconds(now));
        HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, folder);
        try {
            TreeMap<Long, Double> errors = course(center, "error.count", Duration.ofMinutes(10));
            TreeMap<Long, Double> latency = course(center, "latency.sum", Duration.ofMinutes(10));
            for (long second : told) {
                assertThat(errors.get(second)).as(as + ", errors in " + second).isEqualTo(errorsIn(second));
                assertThat(latency.get(second))
                        .as(as + ", latency in " + second)
                        .isEqualTo(latencyMillisIn(second) / 1e3);
            }
            TreeSet<Long> more = new TreeSet<>(errors.keySet());
            more.removeAll(told);
            assertThat(open).as(as + ", seconds that nobody was told of").containsAll(more);
            for (long every : new long[] {10, 300}) {
                Duration span = every == 10 ? Duration.ofHours(6) : Duration.ofDays(14);
                TreeMap<Long, Double> sums = new TreeMap<>();
                errors.forEach((second, count) -> sums.merge((second + every - 1) / every * every, count, Double::sum));
                TreeMap<Long, Double> coarse = course(center, "error.count", span);
                sums.headMap(told.last() / every * every, true)
                        .forEach((slot, sum) -> assertThat(coarse.get(slot))
                                .as(as + ", errors of the " + every + " s up to " + slot)
                                .isEqualTo(sum));
            }
            assertThat(center.read("hyperion.timeline.failures").orElseThrow().value())
                    .as(as + ": a torn tail is what a kill leaves, not a failure")
                    .isZero();
        } finally {
            center.close();
        }
    }

    private static TreeMap<Long, Double> course(HyperionMonitoringCenter center, String address, Duration span) {
        TreeMap<Long, Double> values = new TreeMap<>();
        for (Timeline.Point point : center.timeline(center.query(address), span).points()) {
            values.put(Duration.between(START, point.at()).toSeconds(), point.value());
        }
        return values;
    }

    @Test
    void aDiskThatTakesNoMoreStopsNothingAndIsCounted() throws Exception {
        Path shell = Path.of("/bin/sh");
        assumeTrue(Files.isExecutable(shell), "limits the size of files by the shell's ulimit");
        Process process =
                process(List.of(shell.toString(), "-c", "ulimit -f 8; exec \"$0\" \"$@\""), "0"); // 4 or 8 kB each
        List<Long> lines = new ArrayList<>();
        try (OutputStream permits = process.getOutputStream()) {
            permits.write(new byte[200]);
        }
        try (BufferedReader read = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = read.readLine(); line != null; line = read.readLine()) {
                lines.add(Long.valueOf(line));
            }
        } finally {
            process.destroyForcibly().onExit().join();
        }

        assertThat(lines).as("200 seconds, and the failures").hasSize(201).contains(200L);
        assertThat(-lines.get(200)).as("failures").isBetween(50L, 250L);
        ManualTime time = new ManualTime();
        time.advanceSeconds(200);
        HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, folder);
        TreeMap<Long, Double> errors = course(center, "error.count", Duration.ofMinutes(10));
        assertThat(errors).as("what the disk took before").hasSizeGreaterThan(10);
        errors.forEach((second, count) -> assertThat(count).isEqualTo(errorsIn(second)));
        center.close();
    }
}
