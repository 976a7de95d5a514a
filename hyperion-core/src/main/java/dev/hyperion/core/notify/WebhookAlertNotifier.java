// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.Deadline;
import dev.hyperion.Secret;
import dev.hyperion.monitoring.AlertAction;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Contact;
import dev.hyperion.spi.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts events as JSON of our own schema, which {@code docs/plugins/notifier-webhook.md} describes. A receiver tells a
 * repeated event by its id, and with a signature that nobody else has sent it.
 *
 * <p>Thread-safety: thread-safe.
 */
final class WebhookAlertNotifier extends MessageNotifier {
    static final int SCHEMA = 1;

    /** A message that grows without end is refused one day. */
    private static final int MOST_EVENTS = 500;

    static final String SIGNATURE = "X-Hyperion-Signature";

    private final HttpTarget target;
    private final Optional<Secret> signingKey;
    private final HttpSender sender;

    WebhookAlertNotifier(HttpTarget target, Optional<Secret> signingKey, HttpSender sender) {
        super(MOST_EVENTS);
        this.target = target;
        this.signingKey = signingKey;
        this.sender = sender;
    }

    @Override
    Delivery send(List<AlertEvent> events, Deadline deadline) {
        String body = body(events);
        Map<String, String> headers =
                signingKey.map(key -> Map.of(SIGNATURE, signature(key, body))).orElse(Map.of());
        return sender.send(new HttpSender.Post(target, headers, body), deadline).delivery(target);
    }

    static String body(List<AlertEvent> events) {
        return EventFields.json(json -> {
            json.writeStartObject();
            json.writeNumberField("schema", SCHEMA);
            json.writeArrayFieldStart("events");
            for (AlertEvent event : events) {
                event(event, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void event(AlertEvent event, JsonGenerator json) throws IOException {
        AlertRule rule = event.rule();
        json.writeStartObject();
        json.writeStringField("id", event.id());
        json.writeStringField("state", EventFields.state(event));
        json.writeStringField("rule", rule.name());
        json.writeStringField("severity", EventFields.severity(event));
        EventFields.texts(json, "labels", EventFields.labels(event));
        EventFields.texts(json, "annotations", new TreeMap<>(rule.annotations()));
        json.writeStringField("metric", rule.metric());
        json.writeStringField("comparison", rule.comparison().word());
        json.writeStringField("threshold", rule.threshold().toString());
        number(json, "threshold_value", rule.threshold().baseValue());
        number(json, "value", event.value());
        json.writeStringField("text", event.text());
        json.writeStringField("description", rule.description());
        json.writeStringField("started_at", event.startedAt().toString());
        json.writeStringField("at", event.at().toString());
        contact(event.contact(), json);
        if (rule.action().isPresent()) {
            json.writeStringField("action", word(rule.action().get()));
        } else {
            json.writeNullField("action");
        }
        json.writeEndObject();
    }

    private static void contact(Optional<Contact> contact, JsonGenerator json) throws IOException {
        if (contact.isEmpty()) {
            json.writeNullField("contact");
            return;
        }
        json.writeObjectFieldStart("contact");
        json.writeStringField("name", contact.get().name());
        json.writeStringField("primary", contact.get().primary());
        json.writeStringField("secondary", contact.get().secondary().orElse(null));
        json.writeEndObject();
    }

    /** JSON has no NaN and no infinity: null says that there is no number. */
    private static void number(JsonGenerator json, String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    private static String word(AlertAction action) {
        return action.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The HMAC of RFC 2104 with SHA-256 over the bytes of the body, in hexadecimal digits. */
    static String signature(Secret key, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
