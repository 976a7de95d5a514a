// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    private Path folder;

    @Test
    void aFigureIsTheMedianOverTheForks() throws IOException {
        results("record", 17, timing("hyperion", 1, "[[10, 12], [1000, 1000], [8, 10]]"));

        assertThat(read().time("record", 17, "hyperion", 1)).hasValue(11);
    }

    @Test
    void ofAnEvenNumberOfForksTheMedianIsBetweenTheMiddleTwo() {
        assertThat(Results.median(List.of(8.0, 1.0, 4.0, 2.0))).isEqualTo(3.0);
    }

    @Test
    void aRatioIsWithinOneRunAndOneNumberOfThreads() throws IOException {
        results(
                "record",
                17,
                timing("hyperion", 1, "[[9]]"),
                timing("longAdder", 1, "[[6]]"),
                timing("hyperion", 2, "[[40]]"),
                timing("longAdder", 2, "[[10]]"));
        results("record", 25, timing("hyperion", 1, "[[5]]"));

        assertThat(read().ratio("record", 17, "hyperion", "longAdder", 1)).hasValue(1.5);
        assertThat(read().ratio("record", 17, "hyperion", "longAdder", 2)).hasValue(4);
        assertThat(read().ratio("record", 25, "hyperion", "longAdder", 1)).isEmpty();
    }

    @Test
    void anAimIsMetOrNotByTheFigureAndADashWhereThereIsNone() throws IOException {
        results("record", 17, timing("hyperion", 1, "[[9]]"), timing("longAdder", 1, "[[6]]"));
        results("record", 25, timing("hyperion", 1, "[[6.6]]"), timing("longAdder", 1, "[[6]]"));

        String aims = new Sections(read()).ofReport().get("aims");

        assertThat(aims)
                .contains(
                        "| record into a timer, 1 thread, beside `LongAdder` | ≤ 1.25 × | 1.50 ×, **not met** | 1.10 ×, met |\n")
                .contains("| scrape of 10,000 timers, none changed | ≤ 20 ms | – | – |\n")
                .contains("On JDK 17, 0 of the 2 that were measured are met.\n")
                .contains("On JDK 25, 1 of the 2 that were measured are met.\n");
    }

    @Test
    void theLimitItselfMeetsAnAim() {
        Aim atMost = new Aim("a", Aim.Bound.AT_MOST, 10, Numbers::of, (results, jdk) -> OptionalDouble.of(10));
        Aim atLeast = new Aim("b", Aim.Bound.AT_LEAST, 10, Numbers::of, (results, jdk) -> OptionalDouble.of(10));

        assertThat(atMost.isMet(10)).isTrue();
        assertThat(atMost.isMet(10.01)).isFalse();
        assertThat(atLeast.isMet(10)).isTrue();
        assertThat(atLeast.isMet(9.99)).isFalse();
    }

    @Test
    void targetsAreToldWithoutTheZerosThatOnlyFiguresNeed() {
        assertThat(Aim.all().stream().map(Aim::target))
                .contains("≤ 1.25 ×", "≤ 1.1 ×", "≥ 80 ×", "≤ 0 B", "≤ 300 B", "≤ 8 kB", "≤ 10 µs", "≤ 1 MB", "≤ 1 %");
    }

    @Test
    void aPeerThatWasNotMeasuredIsLeftOutAndOneWithoutATitleIsCalledAsItsMethod() throws IOException {
        results(
                "count",
                17,
                timing("longAdder", 1, "[[5]]"),
                timing("hyperion", 1, "[[6]]"),
                timing("somebodyNew", 1, "[[7]]"));

        assertThat(new Sections(read()).ofReport().get("count")).isEqualTo("""
                JDK 17:

                | ns per call | ns | × `LongAdder` | B per call |
                | --- | ---: | ---: | ---: |
                | `LongAdder`, bare | 5.00 | 1.00 | 24 |
                | **Hyperion** | 6.00 | 1.20 | 24 |
                | `somebodyNew` | 7.00 | 1.40 | 24 |
                """);
    }

    @Test
    void sentencesTellTheFiguresOfTheTable() throws IOException {
        results(
                "record",
                17,
                timing("hyperion", 1, "[[8]]"),
                timing("longAdder", 1, "[[8]]"),
                timing("micrometerPercentiles", 1, "[[320]]"),
                timing("hyperion", 2, "[[12]]"),
                timing("longAdder", 2, "[[10]]"),
                timing("micrometerPercentiles", 2, "[[1200]]"));

        assertThat(new Sections(read()).ofReport().get("sentences"))
                .isEqualTo(
                        "- On JDK 17: Hyperion's timer, with every percentile, costs 1.00 × a bare `LongAdder` with one"
                                + " thread and 1.20 × with 2 threads on one timer. Micrometer's timer with percentiles costs 40.0 ×"
                                + " and 100 × as much as Hyperion's.\n");
    }

    @Test
    void withoutAnyResultsThePartsSaySo() throws IOException {
        Sections sections = new Sections(read());

        assertThat(sections.ofReport().values())
                .allSatisfy(part -> assertThat(part).startsWith("Not measured yet"));
        assertThat(sections.ofReadme()).startsWith("Not measured yet");
        assertThat(RecordChart.of(read())).isEmpty();
    }

    @Test
    void theGarbageOfAScrapeIsThatOfTheScrapeAndNotOfWhatHappensBetween() throws IOException {
        String own = """
                , "secondaryMetrics": {"gc.alloc.rate.norm": {"rawData": [[9999999]]},
                "allocatedBytes": {"rawData": [[600, 300], [300, 0]]}, "scrapes": {"rawData": [[2, 1], [1, 0]]}}""";
        results("scrape", 17, timing("hyperionIdle", 1, "[[5]]", own));

        assertThat(read().bytes("scrape", 17, "hyperionIdle", 1)).hasValue(300);
    }

    @Test
    void designsAreToldByTheirParameters() throws IOException {
        String benchmark = """
                {"benchmark": "dev.hyperion.benchmarks.designs.SomeDesigns.record", "threads": 1, "forks": 3,
                "params": {"design": "striped"}, "primaryMetric": {"rawData": [[5]], "scoreUnit": "ns/op"}}""";
        results("designs", 17, benchmark);

        assertThat(new Sections(read()).ofDesigns()).contains("| `striped` | 5.00 | – | – |\n");
    }

    @Test
    void theChartShowsEveryPeerWithOursBrightest() throws IOException {
        results(
                "record",
                17,
                timing("hyperion", 1, "[[8]]"),
                timing("hyperion", 2, "[[9]]"),
                timing("hdrRecorder", 1, "[[40]]"),
                timing("hdrRecorder", 2, "[[200]]"));

        String svg = RecordChart.of(read()).orElseThrow();

        assertThat(svg)
                .startsWith("<svg xmlns")
                .endsWith("</svg>\n")
                .contains(">HdrHistogram recorder</text>")
                .contains("fill=\"#7ee787\" font-weight=\"bold\">Hyperion</text>");
        assertThat(svg.split("rx=\"2\"", -1)).as("two bars per peer").hasSize(1 + 4);
    }

    @Test
    void aDocumentWithoutThePlaceIsRefused() {
        assertThat(Markers.fill("a\n<!-- x -->\nold\n<!-- /x -->\nb", "x", "new\n"))
                .isEqualTo("a\n<!-- x -->\nnew\n<!-- /x -->\nb");
        assertThatThrownBy(() -> Markers.fill("a", "x", "new"))
                .hasMessage("the document has no place 'x'; it needs the lines <!-- x --> and <!-- /x -->");
    }

    private Results read() throws IOException {
        return Results.read(folder);
    }

    private void results(String group, int jdk, String... timings) throws IOException {
        Files.writeString(
                folder.resolve(group + "-jdk" + jdk + ".json"),
                Stream.of(timings)
                        .collect(Collectors.joining(
                                ", ",
                                "{\"run\": {\"date\": \"2026-01-01\", \"preset\": \"standard\", \"processors\": 2, \"jdk\": "
                                        + jdk + ", \"jvm\": \"VM\"}, \"jmh\": [",
                                "], \"figures\": []}")));
    }

    private static String timing(String method, int threads, String forks) {
        return timing(
                method, threads, forks, ", \"secondaryMetrics\": {\"gc.alloc.rate.norm\": {\"rawData\": [[24]]}}");
    }

    private static String timing(String method, int threads, String forks, String secondary) {
        return "{\"benchmark\": \"dev.hyperion.benchmarks.any.AnyBenchmark." + method + "\", \"threads\": " + threads
                + ", \"forks\": 3, \"primaryMetric\": {\"rawData\": " + forks + ", \"scoreUnit\": \"ns/op\"}"
                + secondary
                + "}";
    }
}
