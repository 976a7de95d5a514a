// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.core.expose.ExpositionNames;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.spi.Delivery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Posts alerts to Alertmanagers by their API v2, as Prometheus does: every one gets every alert, and one that took it is
 * enough, since they share what they have sent among themselves.
 *
 * <p>An Alertmanager resolves by itself what it hears no more of. So a firing alert is valid for four times the interval in
 * which the alert engine repeats it: three repetitions may be lost, and an instance that dies leaves no alert behind for ever.
 * What is over is told with the time at which it ended.
 *
 * <p>Thread-safety: thread-safe.
 */
final class AlertmanagerAlertNotifier extends MessageNotifier {
    /** As Prometheus has it ({@code rules/manager.go}, sendAlerts). */
    private static final int VALID_FOR_RESENDS = 4;

    /** A message that grows without end is refused one day. */
    private static final int MOST_EVENTS = 500;

    private final List<HttpTarget> targets;
    private final Duration resend;
    private final HyperionClock clock;
    private final HttpSender sender;

    AlertmanagerAlertNotifier(List<HttpTarget> targets, Duration resend, HyperionClock clock, HttpSender sender) {
        super(MOST_EVENTS);
        this.targets = List.copyOf(targets);
        this.resend = resend;
        this.clock = clock;
        this.sender = sender;
    }

    @Override
    Delivery send(List<AlertEvent> events, Deadline deadline) {
        String body = body(events, clock.now().plus(resend.multipliedBy(VALID_FOR_RESENDS)));
        List<Answer> answers = sender.sendAll(
                targets.stream()
                        .map(target -> new HttpSender.Post(target, Map.of(), body))
                        .toList(),
                deadline);
        return oneForAll(IntStream.range(0, answers.size())
                .mapToObj(i -> answers.get(i).delivery(targets.get(i)))
                .toList());
    }

    @Override
    public Optional<Duration> repeatEvery() {
        return Optional.of(resend);
    }

    /** Delivered if one took it; tried again, when the first of them is ready, as long as one may still take it. */
    static Delivery oneForAll(List<Delivery> deliveries) {
        List<Delivery.Retry> retries = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            if (delivery instanceof Delivery.Retry retry) {
                retries.add(retry);
            } else if (delivery instanceof Delivery.Rejected rejected) {
                refusals.add(rejected.why());
            } else {
                return delivery;
            }
        }
        if (retries.isEmpty()) {
            return new Delivery.Rejected(String.join("; ", refusals));
        }
        Duration first = retries.stream()
                .map(Delivery.Retry::after)
                .min(Duration::compareTo)
                .orElseThrow();
        return new Delivery.Retry(
                first, retries.stream().map(Delivery.Retry::why).collect(Collectors.joining("; ")));
    }

    static String body(List<AlertEvent> events, Instant validUntil) {
        return EventFields.json(json -> {
            json.writeStartArray();
            for (AlertEvent event : events) {
                alert(event, validUntil, json);
            }
            json.writeEndArray();
        });
    }

    private static void alert(AlertEvent event, Instant validUntil, JsonGenerator json) throws IOException {
        boolean firing = event.state() == AlertState.FIRING;
        json.writeStartObject();
        EventFields.texts(json, "labels", labels(event));
        EventFields.texts(json, "annotations", annotations(event));
        json.writeStringField("startsAt", event.startedAt().toString());
        json.writeStringField("endsAt", (firing ? validUntil : event.at()).toString());
        json.writeEndObject();
    }

    /** The labels that Prometheus would give the exported rule, so that the same routes and inhibitions apply. */
    static Map<String, String> labels(AlertEvent event) {
        Map<String, String> labels = new TreeMap<>();
        event.labels().forEach((key, value) -> labels.put(ExpositionNames.label(key), value));
        labels.put("severity", EventFields.severity(event));
        event.rule().labels().forEach((key, value) -> labels.put(ExpositionNames.label(key), value));
        labels.put("alertname", event.rule().name());
        return labels;
    }

    private static Map<String, String> annotations(AlertEvent event) {
        Map<String, String> annotations = new TreeMap<>();
        event.rule().annotations().forEach((key, value) -> annotations.put(ExpositionNames.label(key), value));
        annotations.put("summary", event.text());
        if (!event.rule().description().isBlank()) {
            annotations.put("description", event.rule().description());
        }
        annotations.put("metric", event.rule().metric());
        annotations.put(
                "threshold",
                event.rule().comparison().word() + " " + event.rule().threshold());
        if (!Double.isNaN(event.value())) {
            annotations.put("value", event.rule().threshold().tell(event.value()));
        }
        event.contact().ifPresent(contact -> annotations.put("contact", contact.tell()));
        annotations.put("event_id", event.id());
        return annotations;
    }
}
