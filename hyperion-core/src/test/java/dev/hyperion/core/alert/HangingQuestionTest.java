// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.HyperionClock;
import dev.hyperion.core.security.BlockedClients;
import dev.hyperion.core.time.SystemScheduler;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Window;
import dev.hyperion.tck.SimulatedStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On real threads: a question that hangs, one that throws, and evaluations that come while one is under way. */
class HangingQuestionTest {
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private final HyperionClock clock = HyperionClock.system();
    private final SystemScheduler scheduler = new SystemScheduler(clock);
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger stuck = new AtomicInteger();
    private volatile boolean hangs;
    private final AlertEngine engine = new AlertEngine(
            () -> (query, more) -> ask(query),
            HangingQuestionTest::condition,
            new AlertParts(
                    new AlertSettings(
                            Duration.ofSeconds(10),
                            DEADLINE,
                            Duration.ofSeconds(10),
                            List.of(),
                            Duration.ZERO,
                            Optional.empty(),
                            false,
                            Map.of()),
                    Map.of(),
                    new StoredAlertJournal(new SimulatedStore(), clock),
                    new BlockedClients(clock)),
            meters,
            clock,
            scheduler,
            executor);

    @AfterEach
    void stop() {
        release.countDown();
        engine.close();
        executor.shutdownNow();
        scheduler.close();
    }

    private static Condition condition(AlertRule rule) {
        double limit = rule.threshold().baseValue();
        MetricQuery query = rule.query(Duration.ofSeconds(60));
        return new Condition(query, Optional.empty(), rule.comparison(), rule.threshold(), limit, limit, 1);
    }

    private MetricResult ask(MetricQuery query) {
        if (query.name().equals("throws")) {
            throw new IllegalStateException("a gauge that throws");
        }
        if (query.name().equals("hangs") && hangs) {
            stuck.incrementAndGet();
            boolean released = false;
            while (!released) {
                try {
                    release.await();
                    released = true;
                } catch (InterruptedException e) {
                    // as a gauge does that does not care
                }
            }
        }
        Sample sample = new Sample(Map.of(), new SampleValue.Scalar(9), clock.now());
        return new MetricResult.Samples(List.of(sample), new Window(clock.now(), clock.now()), Coverage.full());
    }

    private void add(String name) {
        engine.add(AlertRule.when(name, name, Comparison.GT, "5").hits(2).build());
    }

    private AlertStatus status(String name) {
        return engine.statuses().stream()
                .filter(status -> status.rule().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A tick is skipped while the evaluation before is under way; that is not over yet when it has been counted. */
    private void tickThatIsNotSkipped() {
        Counter skipped = meters.get("hyperion.alert.evaluations.skipped").counter();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            double before = skipped.count();
            engine.tick();
            return skipped.count() == before;
        });
    }

    private void evaluationsAre(int count) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> meters.get("hyperion.alert.evaluation").timer().count() == count);
    }

    @Test
    void aQuestionThatHangsCostsTheOthersItsDeadlineOnceAndIsAskedAgainWhenItHasComeBack() {
        for (String name : List.of("before", "hangs", "throws", "zlast")) {
            add(name);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            engine.evaluate();
            return status("before").currentHits() > 0
                    && status("hangs").currentHits() > 0
                    && status("zlast").currentHits() > 0; // the first answers are there
        });
        int before = status("before").currentHits();
        int last = status("zlast").currentHits();
        int done = (int) meters.get("hyperion.alert.evaluation").timer().count();
        hangs = true;
        tickThatIsNotSkipped();
        evaluationsAre(done + 1);

        assertThat(status("zlast").currentHits()).as("after the one that hangs").isEqualTo(last + 1);
        assertThat(status("before").currentHits())
                .as("evaluated once, not twice")
                .isEqualTo(before + 1);
        assertThat(status("hangs").detail()).isEqualTo("it was not answered within 1000 ms");
        assertThat(status("throws").detail()).isEqualTo("it cannot be evaluated: a gauge that throws");

        tickThatIsNotSkipped();
        evaluationsAre(done + 2);
        assertThat(stuck.get()).as("it is not asked while it hangs").isEqualTo(1);
        assertThat(status("hangs").detail()).isEqualTo("there is no answer yet");

        hangs = false;
        release.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            engine.tick();
            return status("hangs").state() == AlertState.FIRING;
        });
    }

    @Test
    void evaluationsNeverOverlapAndThoseThatAreSkippedAreCounted() {
        hangs = true;
        add("hangs");
        // the first question hangs outside the evaluation
        await().atMost(Duration.ofSeconds(30)).until(() -> stuck.get() == 1);
        hangs = false;
        release.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            engine.tick();
            return status("hangs").currentHits() > 0;
        });
        for (int i = 0; i < 1_000; i++) {
            engine.tick();
        }
        double skipped =
                meters.get("hyperion.alert.evaluations.skipped").counter().count();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                meters.get("hyperion.alert.evaluation").timer().count() + skipped)
                        .isGreaterThanOrEqualTo(1_000));
        // an evaluation is counted once its hits are
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat((long) status("hangs").currentHits())
                        .isLessThanOrEqualTo(
                                meters.get("hyperion.alert.evaluation").timer().count()));
    }
}
