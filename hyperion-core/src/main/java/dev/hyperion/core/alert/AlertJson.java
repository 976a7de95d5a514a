// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hyperion.monitoring.AlertAction;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Contact;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.monitoring.Threshold;
import dev.hyperion.spi.ClientAddress;
import dev.hyperion.spi.ClientBlocker;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The data of the alert journal. Reading what was written gives equal rules and events. */
final class AlertJson {
    private static final JsonFactory JSON = new JsonFactory();

    private AlertJson() {}

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static String object(Writing fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            fields.to(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    static String event(AlertEvent event) {
        return object(json -> {
            json.writeStringField("id", event.id());
            json.writeFieldName("rule");
            json.writeRawValue(rule(event.rule()));
            map(json, "event_labels", event.labels());
            json.writeStringField("state", event.state().name());
            json.writeStringField("value", Double.toString(event.value()));
            json.writeStringField("at", event.at().toString());
            json.writeStringField("started_at", event.startedAt().toString());
            if (event.contact().isPresent()) {
                json.writeObjectFieldStart("contact");
                json.writeStringField("name", event.contact().get().name());
                json.writeStringField("primary", event.contact().get().primary());
                if (event.contact().get().secondary().isPresent()) {
                    json.writeStringField(
                            "secondary", event.contact().get().secondary().get());
                }
                json.writeEndObject();
            }
            json.writeStringField("text", event.text());
        });
    }

    static String settled(Collection<String> ids, String notifier, String how) {
        return object(json -> {
            list(json, "ids", ids);
            json.writeStringField("notifier", notifier);
            json.writeStringField("how", how);
        });
    }

    static String pending(AlertJournal.Pending pending) {
        return object(json -> {
            json.writeFieldName("event");
            json.writeRawValue(event(pending.event()));
            list(json, "to", new TreeSet<>(pending.to()));
        });
    }

    static String named(String name) {
        return object(json -> json.writeStringField("name", name));
    }

    static String silence(Silence silence) {
        return object(json -> {
            json.writeStringField("id", silence.id());
            json.writeStringField("rule", silence.rule());
            map(json, "labels", silence.labels());
            json.writeStringField("who", silence.who());
            json.writeStringField("why", silence.why());
            json.writeStringField("until", silence.until().toString());
        });
    }

    static String block(ClientBlocker.Block block) {
        return object(json -> {
            json.writeStringField("client", block.address().value());
            json.writeStringField("until", block.until().toString());
            json.writeStringField("why", block.why());
        });
    }

    /** Everything that a journal keeps, with the hash of the entry that it stands for. */
    static String kept(AlertJournal.Kept kept, String hash) {
        return object(json -> {
            json.writeStringField("hash", hash);
            all(json, "rules", kept.rules(), AlertJson::rule);
            all(json, "undelivered", kept.undelivered(), AlertJson::pending);
            all(json, "firing", kept.firing(), AlertJson::event);
            all(json, "silences", kept.silences(), AlertJson::silence);
            all(json, "blocks", kept.blocks(), AlertJson::block);
        });
    }

    private static <T> void all(JsonGenerator json, String name, List<T> items, Function<T, String> form)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (T item : items) {
            json.writeRawValue(form.apply(item));
        }
        json.writeEndArray();
    }

    static String rule(AlertRule rule) {
        return object(json -> {
            json.writeStringField("name", rule.name());
            json.writeStringField("metric", rule.metric());
            json.writeStringField("comparison", rule.comparison().word());
            json.writeStringField("threshold", Double.toString(rule.threshold().value()));
            json.writeStringField("unit", rule.threshold().unit());
            if (rule.clearThreshold().isPresent()) {
                json.writeStringField(
                        "clear_threshold", rule.clearThreshold().get().toString());
            }
            json.writeStringField("hits", Integer.toString(rule.hits()));
            json.writeStringField("for", rule.lasting().toString());
            json.writeStringField("keep_firing_for", rule.keepFiringFor().toString());
            if (rule.window().isPresent()) {
                json.writeStringField("window", rule.window().get().toString());
            }
            list(json, "by", rule.by());
            json.writeStringField("on_missing", rule.onMissing().name());
            json.writeStringField("severity", rule.severity().name());
            map(json, "labels", rule.labels());
            map(json, "annotations", rule.annotations());
            list(json, "notifiers", rule.notifiers());
            if (rule.contact().isPresent()) {
                json.writeStringField("contact", rule.contact().get());
            }
            json.writeStringField("block_for", rule.blockFor().toString());
            if (rule.action().isPresent()) {
                json.writeStringField("action", rule.action().get().name());
            }
            json.writeStringField("description", rule.description());
            json.writeStringField("origin", rule.origin().name());
        });
    }

    private static void map(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> each : new TreeMap<>(texts).entrySet()) {
            json.writeStringField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
    }

    private static void list(JsonGenerator json, String name, Collection<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    static Fields read(String data) {
        try (JsonParser json = JSON.createParser(data)) {
            json.nextToken();
            return new Fields(fields(json));
        } catch (IOException e) {
            throw new UncheckedIOException("an entry of the alert journal is not JSON: " + data, e);
        }
    }

    private static Map<String, Object> fields(JsonParser json) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_OBJECT) {
                fields.put(name, fields(json));
            } else if (token == JsonToken.START_ARRAY) {
                List<Object> items = new ArrayList<>();
                for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
                    items.add(item == JsonToken.START_OBJECT ? fields(json) : json.getText());
                }
                fields.put(name, items);
            } else {
                fields.put(name, json.getText());
            }
        }
        return fields;
    }

    /** The fields of one object. */
    record Fields(Map<String, Object> all) {
        String text(String name) {
            return (String) value(name);
        }

        private Object value(String name) {
            Object value = all.get(name);
            if (value == null) {
                throw new IllegalStateException("an entry of the alert journal has no " + name + ": " + all);
            }
            return value;
        }

        @SuppressWarnings("unchecked") // what fields() has put there
        private Map<String, String> texts(String name) {
            return (Map<String, String>) value(name);
        }

        @SuppressWarnings("unchecked") // what fields() has put there
        List<String> list(String name) {
            return (List<String>) value(name);
        }

        @SuppressWarnings("unchecked") // what fields() has put there
        private <T> List<T> all(String name, Function<Fields, T> form) {
            return ((List<Map<String, Object>>) value(name))
                    .stream().map(Fields::new).map(form).toList();
        }

        AlertJournal.Kept kept() {
            return new AlertJournal.Kept(
                    all("rules", Fields::rule),
                    all("undelivered", Fields::pending),
                    all("firing", Fields::event),
                    all("silences", Fields::silence),
                    all("blocks", Fields::block));
        }

        AlertJournal.Pending pending() {
            return new AlertJournal.Pending(below("event").event(), Set.copyOf(list("to")));
        }

        Silence silence() {
            return new Silence(
                    text("id"), text("rule"), texts("labels"), text("who"), text("why"), Instant.parse(text("until")));
        }

        ClientBlocker.Block block() {
            return new ClientBlocker.Block(
                    new ClientAddress(text("client")), Instant.parse(text("until")), text("why"));
        }

        @SuppressWarnings("unchecked") // what fields() has put there
        Fields below(String name) {
            return new Fields((Map<String, Object>) value(name));
        }

        private Optional<String> find(String name) {
            return Optional.ofNullable((String) all.get(name));
        }

        AlertEvent event() {
            return new AlertEvent(
                    text("id"),
                    below("rule").rule(),
                    texts("event_labels"),
                    AlertState.valueOf(text("state")),
                    Double.parseDouble(text("value")),
                    Instant.parse(text("at")),
                    Instant.parse(find("started_at").orElse(text("at"))),
                    all.containsKey("contact") ? Optional.of(below("contact").contact()) : Optional.empty(),
                    text("text"));
        }

        private Contact contact() {
            return new Contact(text("name"), text("primary"), find("secondary"));
        }

        /** What older entries do not have is as it was when they were written. */
        AlertRule rule() {
            return new AlertRule(
                    text("name"),
                    text("metric"),
                    Comparison.ofWord(text("comparison")).orElseThrow(),
                    new Threshold(Double.parseDouble(text("threshold")), text("unit")),
                    find("clear_threshold").map(Threshold::parse),
                    Integer.parseInt(text("hits")),
                    Duration.parse(text("for")),
                    find("keep_firing_for").map(Duration::parse).orElse(Duration.ZERO),
                    find("window").map(Duration::parse),
                    Set.copyOf(list("by")),
                    OnMissing.valueOf(text("on_missing")),
                    Severity.valueOf(text("severity")),
                    texts("labels"),
                    all.containsKey("annotations") ? texts("annotations") : Map.of(),
                    list("notifiers"),
                    find("contact"),
                    find("action").map(AlertAction::valueOf),
                    find("block_for").map(Duration::parse).orElse(AlertRule.USUAL_BLOCK),
                    text("description"),
                    AlertOrigin.valueOf(text("origin")));
        }
    }
}
