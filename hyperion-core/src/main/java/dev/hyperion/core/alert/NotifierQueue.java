// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that one notifier has yet to get, delivered one after the other in the order they happened.
 *
 * <p>Each notifier has a queue of its own, so one that is slow or down delays nobody else. An event is tried until the
 * notifier takes it or refuses it for good; between attempts the queue waits longer and longer, or as long as the notifier
 * asks. A delivery whose outcome was lost is repeated: the event's id tells the receiver.
 *
 * <p>Thread-safety: thread-safe.
 */
final class NotifierQueue {
    private static final Logger LOG = LoggerFactory.getLogger(NotifierQueue.class);

    private final String name;
    private final AlertNotifier notifier;
    private final AlertJournal journal;
    private final HyperionClock clock;
    private final TaskScheduler scheduler;
    private final Executor executor;
    private final Duration deadline;
    private final ArrayDeque<AlertEvent> waiting = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;
    private int attempts;
    private TaskScheduler.@Nullable Task retry;

    NotifierQueue(
            String name,
            AlertNotifier notifier,
            AlertJournal journal,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor,
            Duration deadline) {
        this.name = name;
        this.notifier = notifier;
        this.journal = journal;
        this.clock = clock;
        this.scheduler = scheduler;
        this.executor = executor;
        this.deadline = deadline;
    }

    /** Adds an event; never waits for the notifier. */
    void offer(AlertEvent event) {
        synchronized (this) {
            if (closed) {
                return; // journaled: it is sent after the next start
            }
            waiting.addLast(event);
        }
        pump();
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private void pump() {
        synchronized (this) {
            if (busy || closed || waiting.isEmpty()) {
                return;
            }
            busy = true;
        }
        try {
            executor.execute(this::deliverFirst);
        } catch (RejectedExecutionException e) {
            again(Duration.ZERO, "the executor has no room");
        }
    }

    private void deliverFirst() {
        AlertEvent event;
        synchronized (this) {
            event = waiting.getFirst();
        }
        Delivery delivery;
        try {
            delivery = notifier.deliver(event, Deadline.in(clock, deadline));
        } catch (RuntimeException e) {
            // a plugin's failure is that plugin's result, whatever it threw: the event is kept and tried again
            again(Duration.ZERO, e.toString());
            return;
        }
        if (delivery instanceof Delivery.Retry later) {
            again(later.after(), "it asked for a later attempt");
            return;
        }
        if (delivery instanceof Delivery.Rejected rejected) {
            LOG.warn(
                    "alert notifier '{}' refused event {}: {}; it is not sent again", name, event.id(), rejected.why());
            journal.settled(event, name, "rejected: " + rejected.why());
        } else {
            journal.settled(event, name, "delivered");
        }
        synchronized (this) {
            waiting.removeFirst();
            attempts = 0;
            busy = false;
        }
        pump();
    }

    private void again(Duration asked, String why) {
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
            retry = scheduler.once("alert notifier " + name, wait, this::resume);
        }
    }

    private void resume() {
        synchronized (this) {
            busy = false;
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
