// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hyperion.core.expose.MonitoringExport;
import dev.hyperion.core.time.ManualTime;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The export of {@code GET /api/monitoring}, parsed as a reader would. */
class MonitoringExportTest {
    private final ManualTime time = new ManualTime();
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());

    @Test
    void aMetricHasTheFiguresThatWereCaused() throws IOException {
        Timer latency = Timer.builder("latency")
                .tag("version", "1")
                .description("Per request.")
                .register(center.meters());
        center.meters().counter("orders").increment(7);
        for (int i = 0; i < 100; i++) {
            latency.record(i < 99 ? 20 : 800, TimeUnit.MILLISECONDS);
        }
        time.advanceSeconds(3);

        Map<String, Object> export = export();

        Map<String, Object> metric = metric(export, "latency");
        assertThat(metric)
                .containsEntry("type", "timer")
                .containsEntry("unit", "seconds")
                .containsEntry("tags", Map.of("version", "1"));
        assertThat((Long) metric.get("count")).isEqualTo(100);
        assertThat((Double) metric.get("p50")).isCloseTo(0.020, withinPercentage(1));
        assertThat((Double) metric.get("p95")).isCloseTo(0.020, withinPercentage(1));
        assertThat((Double) metric.get("max")).isCloseTo(0.800, withinPercentage(1));
        assertThat((Double) metric.get("avg")).isCloseTo(0.0278, withinPercentage(0.001));
        assertThat((List<?>) metric.get("series")).isNotEmpty();
        assertThat(metric(export, "orders")).containsEntry("current", 7.0).containsEntry("p95", null);
    }

    @Test
    void allPartsOfTheExportAreThere() throws IOException {
        time.advanceSeconds(3);

        Map<String, Object> export = export();

        assertThat(export.keySet()).containsExactly("at", "metrics", "alerts", "performance_monitor", "health", "logs");
        assertThat(metric(export, "memory.usage").get("current")).isInstanceOf(Double.class);
        assertThat((List<?>) export.get("performance_monitor"))
                .hasSize(MonitoringSettings.defaults().timeline().size());
        assertThat(((Map<?, ?>) export.get("health")).get("status")).isEqualTo("up");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> metric(Map<String, Object> export, String name) {
        return ((List<Map<String, Object>>) export.get("metrics"))
                .stream().filter(m -> name.equals(m.get("name"))).findFirst().orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> export() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MonitoringExport.write(center.snapshot(), out);
        try (JsonParser parser = new JsonFactory().createParser(out.toByteArray())) {
            parser.nextToken();
            return (Map<String, Object>) value(parser);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String field = parser.currentName();
                    parser.nextToken();
                    object.put(field, value(parser));
                }
                return object;
            case START_ARRAY:
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                return array;
            case VALUE_NUMBER_INT:
                return parser.getLongValue();
            case VALUE_NUMBER_FLOAT:
                return parser.getDoubleValue();
            case VALUE_NULL:
                return null;
            default:
                return parser.getText();
        }
    }
}
