// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hyperion.benchmarks.cost.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;

/**
 * One file of results: JMH's own JSON, less what tells of the machine's folders and what nobody reads, beside when and on
 * what it was measured.
 */
final class ResultFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final List<String> KEPT =
            List.of("·gc.alloc.rate.norm", "gc.alloc.rate.norm", "allocatedBytes", "scrapes");

    private ResultFile() {}

    static void write(
            Path folder, Group group, Preset preset, Collection<RunResult> results, Collection<Figure> figures)
            throws IOException {
        int version = Runtime.version().feature();
        ObjectNode file = JSON.createObjectNode();
        file.putObject("run")
                .put("date", LocalDate.now(ZoneOffset.UTC).toString())
                .put("preset", preset.word())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("jdk", version)
                .put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        file.set("jmh", timed(results));
        file.set("figures", JSON.valueToTree(figures));
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(group.word() + "-jdk" + version + ".json"), JSON.writeValueAsString(file) + "\n");
    }

    private static ArrayNode timed(Collection<RunResult> results) throws IOException {
        if (results.isEmpty()) {
            return JSON.createArrayNode();
        }
        Path whole = Files.createTempFile("jmh", ".json");
        try {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, whole.toString())
                    .writeOut(results);
            ArrayNode all = (ArrayNode) JSON.readTree(Files.readString(whole));
            for (JsonNode each : all) {
                ObjectNode result = (ObjectNode) each;
                result.remove(List.of("jvm", "jvmArgs", "jmhVersion", "vmName", "vmVersion", "jdkVersion"));
                ((ObjectNode) result.path("primaryMetric"))
                        .remove(List.of("scorePercentiles", "scoreConfidence", "rawDataHistogram"));
                ObjectNode secondary = (ObjectNode) result.path("secondaryMetrics");
                secondary.retain(KEPT);
                secondary.forEach(metric ->
                        ((ObjectNode) metric).remove(List.of("scorePercentiles", "scoreConfidence", "scoreError")));
            }
            return all;
        } finally {
            Files.delete(whole);
        }
    }
}
