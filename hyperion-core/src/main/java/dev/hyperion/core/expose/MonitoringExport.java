// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.HealthGroup;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.MetricSnapshot;
import dev.hyperion.monitoring.MonitoringSnapshot;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.monitoring.Timeline;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes a monitoring snapshot as JSON: {@code metrics}, {@code alerts}, {@code performance_monitor}, {@code health} and
 * {@code logs}. A figure that is not known is null, never zero; instants are ISO 8601 in UTC, times are in seconds.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class MonitoringExport {
    private static final JsonFactory JSON = new JsonFactory();

    private MonitoringExport() {}

    /**
     * Writes a snapshot as one JSON object.
     *
     * @param snapshot what to write
     * @param out where to; flushed, not closed
     * @throws IOException if the reader went away
     */
    public static void write(MonitoringSnapshot snapshot, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            write(snapshot, json);
        }
    }

    /**
     * Writes a snapshot as one JSON object within a larger document.
     *
     * @param snapshot what to write
     * @param json where to; neither flushed nor closed
     * @throws IOException if the reader went away
     */
    public static void write(MonitoringSnapshot snapshot, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("at", snapshot.at().toString());
        json.writeArrayFieldStart("metrics");
        for (MetricSnapshot metric : snapshot.metrics()) {
            writeMetric(metric, json);
        }
        json.writeEndArray();
        json.writeFieldName("alerts");
        writeAlerts(snapshot.alerts(), json);
        json.writeArrayFieldStart("performance_monitor");
        for (Timeline timeline : snapshot.performanceMonitor()) {
            writeTimeline(timeline, json);
        }
        json.writeEndArray();
        json.writeFieldName("health");
        writeHealth(snapshot.health(), json);
        json.writeFieldName("logs");
        writeLogs(snapshot.logs(), json);
        json.writeEndObject();
    }

    private static void writeMetric(MetricSnapshot metric, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", metric.name());
        json.writeStringField("type", metric.type());
        json.writeStringField("unit", metric.unit());
        json.writeStringField("description", metric.description());
        writeTexts("tags", metric.tags(), json);
        writeFigure("current", metric.current(), json);
        writeFigure("min", metric.min(), json);
        writeFigure("max", metric.max(), json);
        writeFigure("avg", metric.avg(), json);
        if (metric.count().isPresent()) {
            json.writeNumberField("count", metric.count().getAsLong());
        } else {
            json.writeNullField("count");
        }
        writeFigure("last", metric.last(), json);
        writeFigure("p50", metric.p50(), json);
        writeFigure("p95", metric.p95(), json);
        writeFigure("p99", metric.p99(), json);
        writePoints("series", metric.series(), json);
        json.writeEndObject();
    }

    /**
     * Writes the course of one metric as an object with {@code metric}, {@code resolution_seconds} and {@code series}.
     *
     * @param timeline what to write
     * @param json where to
     * @throws IOException if the reader went away
     */
    public static void writeTimeline(Timeline timeline, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("metric", timeline.address());
        json.writeNumberField("resolution_seconds", timeline.resolution().toMillis() / 1e3);
        writePoints("series", timeline.points(), json);
        json.writeEndObject();
    }

    private static void writePoints(String field, List<Timeline.Point> points, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(field);
        for (Timeline.Point point : points) {
            json.writeStartObject();
            json.writeStringField("t", point.at().toString());
            json.writeNumberField("v", point.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * Writes the state of alerts as an array, one element per rule and label set.
     *
     * @param alerts what to write
     * @param json where to
     * @throws IOException if the reader went away
     */
    public static void writeAlerts(List<AlertStatus> alerts, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (AlertStatus alert : alerts) {
            json.writeStartObject();
            json.writeStringField("name", alert.rule().name());
            json.writeStringField("metric", alert.rule().metric());
            writeTexts("labels", alert.labels(), json);
            json.writeStringField("description", alert.rule().description());
            json.writeStringField("threshold", alert.rule().threshold().toString());
            json.writeStringField("comparison", word(alert.rule().comparison()));
            json.writeNumberField("required_hits", alert.rule().hits());
            json.writeNumberField("current_hits", alert.currentHits());
            json.writeStringField("state", word(alert.state()));
            json.writeStringField("origin", word(alert.rule().origin()));
            json.writeStringField("severity", word(alert.rule().severity()));
            writeFigure("value", alert.value(), json);
            json.writeStringField("since", alert.since().toString());
            json.writeBooleanField("no_data", alert.noData());
            json.writeStringField("detail", alert.detail());
            writeText("silence", alert.silence(), json);
            writeText("contact", alert.rule().contact(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeText(String field, Optional<String> text, JsonGenerator json) throws IOException {
        if (text.isPresent()) {
            json.writeStringField(field, text.get());
        } else {
            json.writeNullField(field);
        }
    }

    /**
     * Writes a silence as an object.
     *
     * @param silence what to write
     * @param json where to
     * @throws IOException if the reader went away
     */
    public static void writeSilence(Silence silence, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", silence.id());
        json.writeStringField("rule", silence.rule());
        writeTexts("labels", silence.labels(), json);
        json.writeStringField("who", silence.who());
        json.writeStringField("why", silence.why());
        json.writeStringField("until", silence.until().toString());
        json.writeEndObject();
    }

    /**
     * Writes a health report as an object with {@code status} and {@code checks}.
     *
     * @param health what to write
     * @param json where to
     * @throws IOException if the reader went away
     */
    public static void writeHealth(HealthReport health, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("status", word(health.status()));
        writeChecks(health, json);
        json.writeEndObject();
    }

    /**
     * Writes the field {@code checks} of a health report.
     *
     * @param health what to write
     * @param json where to
     * @throws IOException if the reader went away
     */
    public static void writeChecks(HealthReport health, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("checks");
        for (HealthReport.Check check : health.checks()) {
            json.writeStartObject();
            json.writeStringField("name", check.name());
            json.writeStringField("status", word(check.status()));
            json.writeStringField("detail", whole(check.detail()));
            json.writeStringField("at", check.at().toString());
            json.writeArrayFieldStart("groups");
            for (HealthGroup group : new TreeSet<>(check.groups())) {
                json.writeString(word(group));
            }
            json.writeEndArray();
            json.writeBooleanField("critical", check.critical());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * Writes log entries as an array, oldest first.
     *
     * @param entries what to write
     * @param json where to
     * @throws IOException if the reader went away
     */
    public static void writeLogs(List<LogEntry> entries, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (LogEntry entry : entries) {
            json.writeStartObject();
            json.writeStringField("at", entry.at().toString());
            json.writeStringField("level", entry.level().name());
            json.writeStringField("logger", whole(entry.logger()));
            json.writeStringField("message", whole(entry.message()));
            Map<String, String> fields = new TreeMap<>();
            entry.fields().forEach((name, value) -> fields.put(whole(name), whole(value)));
            writeTexts("fields", fields, json);
            json.writeNumberField("sequence", entry.sequence());
            json.writeNumberField("occurrences", entry.occurrences());
            if (!entry.stack().isEmpty()) {
                json.writeStringField("stack", whole(entry.stack()));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Anybody may log half a surrogate pair; no JSON can carry it. */
    private static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            }
        }
        return text;
    }

    private static void writeTexts(String field, Map<String, String> texts, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, String> text : texts.entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }

    private static void writeFigure(String field, OptionalDouble figure, JsonGenerator json) throws IOException {
        if (figure.isPresent() && Double.isFinite(figure.getAsDouble())) {
            json.writeNumberField(field, figure.getAsDouble());
        } else {
            json.writeNullField(field);
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
