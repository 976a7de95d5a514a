// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.monitoring.AlertEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What every receiver is told of an event, whatever form it wants it in. */
final class EventFields {
    private static final JsonFactory JSON = new JsonFactory();

    private EventFields() {}

    /** Writes JSON. */
    @FunctionalInterface
    interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    static String json(Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writing.to(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    static void texts(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> each : texts.entrySet()) {
            json.writeStringField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
    }

    /** The labels of the label set and those of the rule, in the order of their names. */
    static Map<String, String> labels(AlertEvent event) {
        Map<String, String> labels = new TreeMap<>(event.labels());
        labels.putAll(event.rule().labels());
        return labels;
    }

    static String state(AlertEvent event) {
        return event.state().name().toLowerCase(Locale.ROOT);
    }

    static String severity(AlertEvent event) {
        return event.rule().severity().name().toLowerCase(Locale.ROOT);
    }
}
