// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.spi.AlertNotifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * Carries alert events to the notifiers: journaled first, then queued per notifier.
 *
 * <p>Thread-safety: thread-safe; {@link #send} waits for the journal and for nobody else.
 */
final class AlertPipeline {
    private final AlertJournal journal;
    private final Map<String, NotifierQueue> queues = new TreeMap<>();

    AlertPipeline(
            AlertJournal journal,
            Map<String, AlertNotifier> notifiers,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor,
            Duration deadline) {
        this.journal = journal;
        notifiers.forEach((name, notifier) ->
                queues.put(name, new NotifierQueue(name, notifier, journal, clock, scheduler, executor, deadline)));
    }

    /** Refuses names of notifiers that are not there. */
    void check(String rule, List<String> notifiers) {
        for (String name : notifiers) {
            if (!queues.containsKey(name)) {
                throw new HyperionException("alert " + rule + ": no notifier is named '" + name + "'; configured: "
                        + String.join(", ", queues.keySet()));
            }
        }
    }

    void send(AlertEvent event, List<String> notifiers) {
        journal.happened(event);
        enqueue(event, notifiers);
    }

    /** Queues an event that is in the journal already, for the notifiers that have not settled it. */
    void enqueue(AlertEvent event, List<String> notifiers) {
        for (String name : notifiers.isEmpty() ? queues.keySet() : Set.copyOf(notifiers)) {
            NotifierQueue queue = queues.get(name);
            if (queue != null) {
                queue.offer(event);
            }
        }
    }

    void close() {
        queues.values().forEach(NotifierQueue::close);
    }
}
