// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.plugin.PluginGuard;
import dev.hyperion.spi.AlertNotifier;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries alert events to the notifiers: journaled first, then queued per notifier in groups. What cannot be journaled is
 * sent all the same: an alert that is told twice is better than one that is not told.
 *
 * <p>Thread-safety: thread-safe; {@link #send} waits for the journal and for nobody else.
 */
final class AlertPipeline {
    private static final Logger LOG = LoggerFactory.getLogger(AlertPipeline.class);

    private final AlertJournal journal;
    private final AlertSettings settings;
    private final Map<String, NotifierQueue> queues = new TreeMap<>();
    private final Map<String, Duration> repeats = new TreeMap<>();

    AlertPipeline(
            AlertParts parts, MeterRegistry meters, HyperionClock clock, TaskScheduler scheduler, Executor executor) {
        this.journal = parts.journal();
        this.settings = parts.settings();
        parts.notifiers().forEach((name, notifier) -> {
            AlertNotifier guarded = PluginGuard.around(AlertNotifier.class, name, notifier, clock, meters);
            NotifierQueue.Timing timing = new NotifierQueue.Timing(settings.notifierDeadline(), settings.groupWait());
            queues.put(name, new NotifierQueue(name, guarded, journal, meters, clock, scheduler, executor, timing));
            guarded.repeatEvery().or(settings::repeatEvery).ifPresent(every -> repeats.put(name, every));
        });
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

    /** Who wants to hear of a firing alert again, and how often. */
    Map<String, Duration> repeats() {
        return repeats;
    }

    /** Journals and queues what an evaluation found. */
    void send(List<AlertEvent> events) {
        List<AlertJournal.Pending> pending = events.stream()
                .map(event -> new AlertJournal.Pending(event, recipients(event)))
                .toList();
        try {
            journal.happened(pending);
        } catch (HyperionException e) {
            LOG.error(
                    "{} alert events cannot be journaled and are sent all the same: {}", events.size(), e.getMessage());
        }
        enqueue(pending);
    }

    private Set<String> recipients(AlertEvent event) {
        return event.rule().notifiers().isEmpty()
                ? queues.keySet()
                : new TreeSet<>(event.rule().notifiers());
    }

    /** Queues events that are in the journal already; who is not there any more is passed over. */
    void enqueue(List<AlertJournal.Pending> events) {
        queues.forEach((name, queue) -> {
            Map<String, List<AlertEvent>> groups = new LinkedHashMap<>();
            for (AlertJournal.Pending each : events) {
                if (each.to().contains(name)) {
                    groups.computeIfAbsent(group(each.event()), key -> new ArrayList<>())
                            .add(each.event());
                }
            }
            groups.forEach(queue::offer);
        });
        events.forEach(this::forgetStrangers);
    }

    /** Nobody will ever deliver to a notifier that is not configured any more. */
    private void forgetStrangers(AlertJournal.Pending pending) {
        for (String name : pending.to()) {
            if (!queues.containsKey(name)) {
                try {
                    journal.settled(List.of(pending.event()), name, "dropped: it is not configured any more");
                } catch (HyperionException e) {
                    LOG.warn("the journal did not note that notifier '{}' is gone: {}", name, e.getMessage());
                }
            }
        }
    }

    /** Tells some notifiers again; not journaled, as it is repeated anyway. */
    void remind(AlertEvent event, Set<String> names) {
        for (String name : recipients(event)) {
            NotifierQueue queue = queues.get(name);
            if (queue != null && names.contains(name)) {
                queue.remind(group(event), event);
            }
        }
    }

    private String group(AlertEvent event) {
        return settings.groupBy().isEmpty()
                ? event.rule().name()
                : settings.groupBy().stream()
                        .map(label -> label + '=' + value(event, label))
                        .collect(Collectors.joining("\n"));
    }

    private static String value(AlertEvent event, String label) {
        return switch (label) {
            case AlertSettings.BY_RULE -> event.rule().name();
            case AlertSettings.BY_SEVERITY -> event.rule().severity().name().toLowerCase(Locale.ROOT);
            default -> event.labels().getOrDefault(label, "");
        };
    }

    void close() {
        queues.values().forEach(NotifierQueue::close);
    }
}
