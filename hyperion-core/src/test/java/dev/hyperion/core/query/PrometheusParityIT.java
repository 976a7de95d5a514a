// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.realparts.DebianProgram;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Severity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same rules on the same series are pending and firing at the same evaluations in Prometheus and here. The center runs
 * on manual time, Prometheus is promtool of the Debian package, the series are what our exposition said at each evaluation,
 * and the rules are those that we export.
 */
class PrometheusParityIT {
    private static final long SEED = Long.getLong("hyperion.test.seed", new SplittableRandom().nextLong());
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final ManualTime time = new ManualTime();
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());
    private final ScrapeLog log = new ScrapeLog(center);

    private void assertSameInPrometheus(TreeSet<String> without) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("rules.yml"), center.prometheusRules());
        Files.writeString(folder.resolve("test.yml"), log.promtoolTest(INTERVAL, without));
        assertThat(DebianProgram.PROMTOOL
                        .run(folder, "check", "rules", "rules.yml")
                        .output())
                .contains("SUCCESS");
        DebianProgram.Ended ended = DebianProgram.PROMTOOL.run(folder, "test", "rules", "test.yml");
        assertThat(ended.status())
                .as("seed %d: %s", SEED, ScrapeLog.firstDifference(ended.output()))
                .isZero();
    }

    /** A gauge that changes now and then, and is missing now and then. */
    private final class Course {
        private final AtomicReference<Double> value = new AtomicReference<>(Double.NaN);
        private final boolean gaps;
        private int left;

        Course(String name, List<Tag> tags, boolean gaps) {
            this.gaps = gaps;
            Gauge.builder(name, value, AtomicReference::get).tags(tags).register(center.meters());
            step();
        }

        void step() {
            if (left-- <= 0) {
                left = random.nextInt(6);
                value.set(gaps && random.nextInt(5) == 0 ? Double.NaN : random.nextInt(5) * 0.25);
            }
        }
    }

    @Test
    void gaugesFireAtExactlyTheSameEvaluation() throws Exception {
        DebianProgram.PROMTOOL.path();
        List<Course> courses = new ArrayList<>();
        int cases = 500;
        for (int i = 0; i < cases; i++) {
            String name = "case." + i;
            OnMissing missing = OnMissing.values()[random.nextInt(3)];
            boolean labelled = missing != OnMissing.FIRE && random.nextBoolean();
            for (String part : labelled ? List.of("a", "b") : List.of("a")) {
                courses.add(new Course(name, List.of(Tag.of("part", part)), missing != OnMissing.KEEP));
            }
            center.addAlert(AlertRule.when(
                            "r" + i,
                            name,
                            Comparison.values()[random.nextInt(5)],
                            Double.toString(random.nextInt(5) * 0.25))
                    .hits(1 + random.nextInt(5))
                    .lasting(Duration.ofSeconds(random.nextInt(3) == 0 ? random.nextInt(55) : 0))
                    .keepFiringFor(Duration.ofSeconds(random.nextBoolean() ? random.nextInt(45) : 0))
                    .by(labelled ? Set.of("part") : Set.of())
                    .onMissing(missing)
                    .severity(Severity.values()[random.nextInt(3)])
                    .build());
        }
        for (int step = 0; step < 40; step++) {
            courses.forEach(Course::step);
            time.advance(INTERVAL);
            log.scrape();
        }

        // what never happens proves nothing
        assertThat(log.active("firing")).as("seed %d", SEED).isGreaterThan(2_000);
        assertThat(log.active("pending")).as("seed %d", SEED).isGreaterThan(1_000);
        assertSameInPrometheus(new TreeSet<>());
    }

    /** Something that is counted or timed: nothing, then little or much for a while each. */
    private final class Load {
        private final Counter counter;
        private final Counter errors;
        private final Timer timer;
        private int level;
        private int left = 8; // a counter's first value counts here and is not seen there

        Load(String name) {
            counter = center.meters().counter("load." + name);
            errors = center.meters().counter("errors." + name);
            timer = center.meters().timer("work." + name);
        }

        void step() {
            if (left-- <= 0) {
                left = 3 + random.nextInt(9);
                level = random.nextInt(4);
            }
            for (int i = 0; i < level * 20; i++) {
                counter.increment();
                timer.record(level * 100L + random.nextInt(50), TimeUnit.MILLISECONDS);
                if (random.nextInt(10) < level) {
                    errors.increment();
                }
            }
        }
    }

    @Test
    void ratesQuantilesMeansAndSharesThatPassTheThresholdClearlyFireAtTheSameEvaluation() throws Exception {
        DebianProgram.PROMTOOL.path();
        List<Load> loads = new ArrayList<>();
        int cases = 40;
        for (int i = 0; i < cases; i++) {
            loads.add(new Load("c" + i));
            rule("rate" + i, "load.c" + i, 60 + random.nextInt(240) + " calls/min");
            rule("count" + i, "load.c" + i + ".count", Integer.toString(30 + random.nextInt(300)));
            rule("p95" + i, "work.c" + i + ".p95", 120 + random.nextInt(250) + " ms");
            rule("max" + i, "work.c" + i + ".max", 120 + random.nextInt(250) + " ms");
            rule("mean" + i, "work.c" + i + ".mean", 120 + random.nextInt(250) + " ms");
            rule("share" + i, "errors.c" + i + ".rate / load.c" + i + ".rate", 5 + random.nextInt(30) + " %");
        }
        TreeSet<String> close = new TreeSet<>();
        for (int step = 0; step < 60; step++) {
            time.advance(INTERVAL.dividedBy(2));
            loads.forEach(Load::step);
            time.advance(INTERVAL.dividedBy(2));
            log.scrape();
            for (AlertStatus status : center.alerts()) {
                double limit = status.rule().threshold().baseValue()
                        / (status.rule().threshold().unit().equals("%") ? 100 : 1);
                if (status.value().isPresent() && Math.abs(status.value().getAsDouble() / limit - 1) < 0.05) {
                    close.add(status.rule().name());
                }
            }
        }

        assertThat(close.size())
                .as("seed %d: too close to compare: %s", SEED, close)
                .isLessThan(6 * cases * 2 / 3);
        assertThat(log.active("firing")).as("seed %d", SEED).isGreaterThan(500);
        assertSameInPrometheus(close);
    }

    private void rule(String name, String metric, String threshold) {
        center.addAlert(AlertRule.when(name, metric, random.nextBoolean() ? Comparison.GT : Comparison.GE, threshold)
                .hits(1 + random.nextInt(3))
                .keepFiringFor(Duration.ofSeconds(random.nextInt(3) * 10L))
                .window(Duration.ofSeconds(
                        name.startsWith("p95") || name.startsWith("max") ? 60 : 30 + random.nextInt(2) * 30L))
                .onMissing(OnMissing.RESOLVE)
                .build());
    }
}
