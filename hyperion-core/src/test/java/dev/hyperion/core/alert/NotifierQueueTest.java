// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.Deadline;
import dev.hyperion.PluginException;
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
import java.util.stream.Stream;
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

    private static List<AlertEvent> events(String... ids) {
        return Stream.of(ids).map(AlertFixtures::event).toList();
    }

    @Test
    void ofAGroupOnlyWhatWasNotTakenComesAgain() {
        answers.add(new Delivery.Delivered());
        answers.add(new Delivery.Rejected("too long"));
        answers.add(new Delivery.Retry(Duration.ofSeconds(5), "busy"));
        queue.offer("slow", events("e1", "e2", "e3", "e4"));
        assertThat(log)
                .as("the fourth waits for the third")
                .containsExactly(
                        "told e1 at 0",
                        "told e2 at 0",
                        "told e3 at 0",
                        "settled e1 page delivered",
                        "settled e2 page rejected: too long");
        log.clear();

        answers.add(new Delivery.Delivered());
        answers.add(new Delivery.Delivered());
        time.advanceSeconds(5);
        assertThat(log)
                .containsExactly(
                        "told e3 at 5", "told e4 at 5", "settled e3 page delivered", "settled e4 page delivered");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aGroupWaitsForMoreOfItsKindAndNoLongerThanItWasTold() {
        NotifierQueue waiting = queue(Duration.ofSeconds(30));
        for (int i = 0; i < 3; i++) {
            answers.add(new Delivery.Delivered());
        }
        waiting.offer("slow", events("e1"));
        time.advanceSeconds(20);
        waiting.offer("slow", events("e2"));
        waiting.offer("other", events("e3"));
        assertThat(log).isEmpty();

        time.advanceSeconds(10);
        assertThat(log).contains("told e1 at 30", "told e2 at 30").doesNotContain("told e3 at 30");
        time.advanceSeconds(20);
        assertThat(log).contains("told e3 at 50");
    }

    @Test
    void aNotifierThatIsDownForDaysKeepsTheNewestEventsAndTheJournalHearsOfTheRest() {
        for (int i = 0; i < NotifierQueue.MOST + 200; i++) {
            offer("e" + i);
        }
        assertThat(queue.waiting()).isEqualTo(NotifierQueue.MOST);
        assertThat(log.stream().filter(line -> line.contains("dropped"))).hasSize(200);
        assertThat(log)
                .contains("settled e1 page dropped: 1000 newer events are waiting")
                .doesNotContain("settled e0 page dropped: 1000 newer events are waiting"); // e0 is on its way
        assertThat(meters.get("hyperion.alert.deliveries")
                        .tag("outcome", "dropped")
                        .counter()
                        .count())
                .isEqualTo(200);
        log.clear();

        for (int i = 0; i < NotifierQueue.MOST; i++) {
            answers.add(new Delivery.Delivered());
        }
        time.advance(Duration.ofMinutes(5));
        assertThat(log.stream().filter(line -> line.endsWith("page delivered"))).hasSize(NotifierQueue.MOST);
        assertThat(log).endsWith("settled e1199 page delivered");
    }

    @Test
    void aFailureThatIsNotWorthRepeatingIsSettled() {
        NotifierQueue refusing = new NotifierQueue(
                "page",
                new AlertNotifier() {
                    @Override
                    public Delivery deliver(AlertEvent event, Deadline deadline) {
                        throw new PluginException("the channel does not exist", false);
                    }

                    @Override
                    public void close() {}
                },
                journal,
                meters,
                time,
                time,
                Runnable::run,
                new NotifierQueue.Timing(Duration.ofSeconds(10), Duration.ZERO));
        refusing.offer("slow", events("e1"));
        assertThat(log).containsExactly("settled e1 page rejected: the channel does not exist");
    }

    @Test
    void aReminderIsLeftOutWhileSomethingAboutTheSameAlertIsWaiting() {
        offer("e1");
        queue.remind("slow", AlertFixtures.event("e2"));
        assertThat(queue.waiting()).isEqualTo(1);
    }
}
