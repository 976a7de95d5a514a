// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that one notifier has yet to get, delivered group by group in the order they happened.
 *
 * <p>Each notifier has a queue of its own, so one that is slow or down delays nobody else. An event is tried until the
 * notifier takes it or refuses it for good; between attempts the queue waits longer and longer, or as long as the notifier
 * asks. A delivery whose outcome was lost is repeated: the event's id tells the receiver.
 *
 * <p>It holds {@value #MOST} events. Beyond that the oldest one is given up, and journaled and counted as dropped: whoever
 * was away for days is told what is so, not all that was.
 *
 * <p>Thread-safety: thread-safe.
 */
final class NotifierQueue {
    static final int MOST = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(NotifierQueue.class);

    private final String name;
    private final AlertNotifier notifier;
    private final AlertJournal journal;
    private final MeterRegistry meters;
    private final HyperionClock clock;
    private final TaskScheduler scheduler;
    private final Executor executor;
    private final Timing timing;
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private int events;
    private boolean busy;
    private boolean closed;
    private int attempts;
    private TaskScheduler.@Nullable Task retry;

    /**
     * How long things take.
     *
     * @param deadline for one delivery
     * @param groupWait how long a group waits for more of its kind
     */
    record Timing(Duration deadline, Duration groupWait) {}

    /** A group; open to more of its kind until it is due. */
    private static final class Batch {
        private final String key;
        private final long dueNanos;
        private final List<AlertEvent> events = new ArrayList<>();

        Batch(String key, long dueNanos) {
            this.key = key;
            this.dueNanos = dueNanos;
        }
    }

    NotifierQueue(
            String name,
            AlertNotifier notifier,
            AlertJournal journal,
            MeterRegistry meters,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor,
            Timing timing) {
        this.name = name;
        this.notifier = notifier;
        this.journal = journal;
        this.meters = meters;
        this.clock = clock;
        this.scheduler = scheduler;
        this.executor = executor;
        this.timing = timing;
    }

    /** Adds events that belong together; never waits for the notifier. */
    void offer(String key, List<AlertEvent> group) {
        List<AlertEvent> dropped = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return; // journaled: it is sent after the next start
            }
            open(key).events.addAll(group);
            events += group.size();
            while (events > MOST && drop(dropped)) {
                events--;
            }
        }
        if (!dropped.isEmpty()) {
            LOG.warn(
                    "alert notifier '{}' has taken nothing for long: {} of its oldest events are given up",
                    name,
                    dropped.size());
            settle(dropped, "dropped", MOST + " newer events are waiting");
        }
        pump();
    }

    /** Tells again that an alert fires, unless something about it is waiting already. */
    void remind(String key, AlertEvent event) {
        synchronized (this) {
            for (Batch batch : waiting) {
                for (AlertEvent each : batch.events) {
                    if (each.rule().name().equals(event.rule().name())
                            && each.labels().equals(event.labels())) {
                        return;
                    }
                }
            }
        }
        offer(key, List.of(event));
    }

    private Batch open(String key) {
        long now = clock.monotonicNanos();
        for (Batch batch : waiting) {
            if (batch.key.equals(key) && batch.dueNanos - now > 0) {
                return batch;
            }
        }
        Batch batch = new Batch(key, now + timing.groupWait().toNanos());
        waiting.addLast(batch);
        return batch;
    }

    /** Gives up the oldest event that is not being delivered. */
    private boolean drop(List<AlertEvent> dropped) {
        Iterator<Batch> batches = waiting.iterator();
        if (busy && batches.hasNext()) {
            batches.next();
        }
        if (!batches.hasNext()) {
            return false; // it is one group that is larger than the queue, on its way already
        }
        Batch oldest = batches.next();
        dropped.add(oldest.events.remove(0));
        if (oldest.events.isEmpty()) {
            batches.remove();
        }
        return true;
    }

    synchronized int waiting() {
        return events;
    }

    private void pump() {
        synchronized (this) {
            if (busy || closed || waiting.isEmpty()) {
                return;
            }
            busy = true;
            long early = waiting.getFirst().dueNanos - clock.monotonicNanos();
            if (early > 0) {
                busy = false;
                if (retry == null) {
                    retry = scheduler.once("alert notifier " + name, Duration.ofNanos(early), this::resume);
                }
                return;
            }
        }
        try {
            executor.execute(this::deliverFirst);
        } catch (RejectedExecutionException e) {
            again(Duration.ZERO, "the executor has no room");
        }
    }

    private void deliverFirst() {
        List<AlertEvent> group;
        synchronized (this) {
            group = List.copyOf(waiting.getFirst().events);
        }
        List<Delivery> answers;
        try {
            answers = notifier.deliverAll(group, Deadline.in(clock, timing.deadline()));
            if (answers.size() != group.size()) {
                throw new IllegalStateException(
                        answers.size() + " answers for " + group.size() + " events; expected one for each");
            }
        } catch (PluginException e) {
            if (e.retryable()) {
                again(Duration.ZERO, String.valueOf(e.getMessage()));
                return;
            }
            Delivery refused = new Delivery.Rejected(String.valueOf(e.getMessage()));
            answers = group.stream().map(event -> refused).toList();
        } catch (RuntimeException e) {
            // a plugin's failure is that plugin's result, whatever it threw: the event is kept and tried again
            again(Duration.ZERO, e.toString());
            return;
        }
        take(group, answers);
    }

    private void take(List<AlertEvent> group, List<Delivery> answers) {
        List<AlertEvent> left = new ArrayList<>();
        List<AlertEvent> delivered = new ArrayList<>();
        Map<String, List<AlertEvent>> rejected = new HashMap<>();
        Duration wait = Duration.ZERO;
        String why = "";
        for (int i = 0; i < group.size(); i++) {
            if (answers.get(i) instanceof Delivery.Retry later) {
                left.add(group.get(i));
                wait = later.after().compareTo(wait) > 0 ? later.after() : wait;
                why = later.why();
            } else if (answers.get(i) instanceof Delivery.Rejected refused) {
                rejected.computeIfAbsent(refused.why(), w -> new ArrayList<>()).add(group.get(i));
            } else {
                delivered.add(group.get(i));
            }
        }
        settle(delivered, "delivered", "");
        rejected.forEach((reason, refused) -> {
            LOG.warn(
                    "alert notifier '{}' refused event {}: {}; it is not sent again",
                    name,
                    refused.get(0).id(),
                    reason);
            settle(refused, "rejected", reason);
        });
        synchronized (this) {
            Batch first = waiting.getFirst();
            first.events.clear(); // nothing came in meanwhile: a group that is due takes no more
            first.events.addAll(left);
            events -= group.size() - left.size();
            if (first.events.isEmpty()) {
                waiting.removeFirst();
            }
        }
        if (left.isEmpty()) {
            synchronized (this) {
                attempts = 0;
                busy = false;
            }
            pump();
        } else {
            again(wait, why.isEmpty() ? "it asked for a later attempt" : why);
        }
    }

    private void settle(List<AlertEvent> settled, String outcome, String why) {
        if (settled.isEmpty()) {
            return;
        }
        count(outcome, settled.size());
        try {
            journal.settled(settled, name, why.isEmpty() ? outcome : outcome + ": " + why);
        } catch (HyperionException e) {
            // it comes again after the next start, with the same id
            LOG.warn("alert notifier '{}': the journal did not note a delivery: {}", name, e.getMessage());
        }
    }

    private void count(String outcome, int number) {
        MetricCatalogue.ALERT_DELIVERIES.counter(meters, name, outcome).increment(number);
    }

    private void again(Duration asked, String why) {
        count("retried", 1);
        Duration wait;
        synchronized (this) {
            wait = Backoff.after(++attempts, asked);
            LOG.warn(
                    "alert notifier '{}' did not take an event ({}); attempt {} follows in {} s",
                    name,
                    why,
                    attempts + 1,
                    wait.toSeconds());
            if (closed) {
                return;
            }
            retry = scheduler.once("alert notifier " + name, wait, this::attemptAgain);
        }
    }

    private void attemptAgain() {
        synchronized (this) {
            busy = false;
        }
        resume();
    }

    private void resume() {
        synchronized (this) {
            retry = null;
        }
        pump();
    }

    synchronized void close() {
        closed = true;
        if (retry != null) {
            retry.cancel();
        }
    }
}
