// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.Deadline;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.spi.Delivery;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Posts events to an incoming webhook of Slack, or of what understands the same messages.
 *
 * <p>Thread-safety: thread-safe.
 */
final class SlackAlertNotifier extends MessageNotifier {
    /** Slack cuts a text at 40,000 characters and refuses blocks above 3,000; nobody reads that much of an alert. */
    private static final int MOST_TEXT = 2_000;

    private static final int MOST_FIELD = 500;

    /** Slack's own advice; it takes no more than 100. */
    private static final int MOST_ATTACHMENTS = 20;

    private static final String DELIVERED = "ok";

    private final HttpTarget target;
    private final Optional<String> channel;
    private final HttpSender sender;

    SlackAlertNotifier(HttpTarget target, Optional<String> channel, HttpSender sender) {
        super(MOST_ATTACHMENTS);
        this.target = target;
        this.channel = channel;
        this.sender = sender;
    }

    @Override
    Delivery send(List<AlertEvent> events, Deadline deadline) {
        Answer answer = sender.send(new HttpSender.Post(target, Map.of(), body(events)), deadline);
        if (answer.isOk() && !answer.body().strip().equals(DELIVERED)) {
            // a proxy's login page says 200 too; rather twice than never
            return new Delivery.Retry(
                    Duration.ZERO,
                    target + " answered " + answer.status() + " without 'ok': " + target.quoted(answer.body()));
        }
        return answer.delivery(target);
    }

    private String body(List<AlertEvent> events) {
        return EventFields.json(json -> {
            json.writeStartObject();
            if (channel.isPresent()) {
                json.writeStringField("channel", channel.get());
            }
            json.writeStringField("text", headline(events)); // what notifications show
            json.writeArrayFieldStart("attachments");
            for (AlertEvent event : events) {
                attachment(event, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String headline(List<AlertEvent> events) {
        String first = headline(events.get(0));
        return escaped(events.size() == 1 ? first : first + ", and " + (events.size() - 1) + " more", MOST_FIELD);
    }

    private static String headline(AlertEvent event) {
        return event.state() == AlertState.FIRING
                ? event.rule().severity() + ": " + event.rule().name() + " fires"
                : "resolved: " + event.rule().name();
    }

    private static void attachment(AlertEvent event, JsonGenerator json) throws IOException {
        AlertRule rule = event.rule();
        json.writeStartObject();
        json.writeStringField("color", color(event));
        json.writeStringField("fallback", escaped(event.text(), MOST_TEXT));
        String description = rule.description().isBlank() ? "" : "\n" + rule.description();
        json.writeStringField("text", escaped(event.text() + description, MOST_TEXT));
        json.writeArrayFieldStart("fields");
        field(json, "severity", EventFields.severity(event), true);
        String value =
                Double.isNaN(event.value()) ? "no data" : rule.threshold().tell(event.value());
        field(json, rule.metric(), value, true);
        field(json, "threshold", rule.comparison().word() + " " + rule.threshold(), true);
        String labels = EventFields.labels(event).entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(", "));
        if (!labels.isEmpty()) {
            field(json, "labels", labels, false);
        }
        if (event.contact().isPresent()) {
            field(json, "contact", event.contact().get().tell(), false);
        }
        for (Map.Entry<String, String> each : new TreeMap<>(rule.annotations()).entrySet()) {
            field(json, each.getKey(), each.getValue(), false);
        }
        json.writeEndArray();
        json.writeStringField("footer", escaped("event " + event.id(), MOST_FIELD));
        json.writeNumberField("ts", event.at().getEpochSecond());
        json.writeEndObject();
    }

    private static void field(JsonGenerator json, String title, String value, boolean beside) throws IOException {
        json.writeStartObject();
        json.writeStringField("title", escaped(title, MOST_FIELD));
        json.writeStringField("value", escaped(value, MOST_FIELD));
        json.writeBooleanField("short", beside);
        json.writeEndObject();
    }

    private static String color(AlertEvent event) {
        if (event.state() == AlertState.RESOLVED) {
            return "good";
        }
        return switch (event.rule().severity()) {
            case CRITICAL -> "danger";
            case WARNING -> "warning";
            case INFO -> "#439fe0";
        };
    }

    /** Cut first, so that no escape is cut in two; the three characters are all that Slack wants escaped. */
    static String escaped(String text, int most) {
        int end = Math.min(text.length(), most);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        String cut = text.substring(0, end) + (end < text.length() ? "…" : "");
        return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
