// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.Deadline;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class NotifierQueueTest {
    private final ManualTime time = new ManualTime();
    private final List<String> log = new ArrayList<>();
    private final Queue<Delivery> answers = new ArrayDeque<>();
    private final AlertJournal journal = new RecordingJournal(log);

    private final AlertNotifier notifier = new AlertNotifier() {
        @Override
        public Delivery deliver(AlertEvent event, Deadline deadline) {
            log.add("told " + event.id() + " at " + time.monotonicNanos() / 1_000_000_000L);
            Delivery answer = answers.poll();
            if (answer == null) {
                throw new IllegalStateException("no route");
            }
            return answer;
        }

        @Override
        public void close() {}
    };
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final NotifierQueue queue = queue(Duration.ZERO);

    private NotifierQueue queue(Duration groupWait) {
        return new NotifierQueue(
                "page",
                notifier,
                journal,
                meters,
                time,
                time,
                Runnable::run,
                new NotifierQueue.Timing(Duration.ofSeconds(10), groupWait));
    }

    private void offer(String id) {
        queue.offer("slow", List.of(AlertFixtures.event(id)));
    }

    @Test
    void anEventIsTriedUntilTheNotifierTakesItAndThenSettled() {
        offer("e1"); // no answer: throws
        time.advance(Duration.ofMillis(900));
        assertThat(log).containsExactly("told e1 at 0");

        answers.add(new Delivery.Retry(Duration.ofSeconds(30), "busy")); // after 1 s
        answers.add(new Delivery.Delivered()); // 30 s later, as asked
        time.advanceSeconds(60);

        assertThat(log).containsExactly("told e1 at 0", "told e1 at 1", "told e1 at 31", "settled e1 page delivered");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void eventsKeepTheirOrderWhileTheFirstIsRetried() {
        offer("e1");
        offer("e2");
        answers.add(new Delivery.Delivered());
        answers.add(new Delivery.Delivered());

        time.advanceSeconds(2);

        assertThat(log)
                .endsWith("told e1 at 1", "settled e1 page delivered", "told e2 at 1", "settled e2 page delivered");
    }

    @Test
    void aRefusedEventIsSettledAndTheNextOneGoesOut() {
        answers.add(new Delivery.Rejected("unknown channel"));
        answers.add(new Delivery.Delivered());

        offer("e1");
        offer("e2");

        assertThat(log).contains("settled e1 page rejected: unknown channel", "settled e2 page delivered");
    }

    @Test
    void aClosedQueueSendsNothingMoreAndLeavesItToTheJournal() {
        offer("e1");
        queue.close();

        time.advanceSeconds(600);
        offer("e2");

        assertThat(log).containsExactly("told e1 at 0");
    }
}
