// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.realparts.DebianProgram;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Statistic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What promtool of the Debian package says of our rule files. */
class PromtoolIT {
    @TempDir
    private Path folder;

    private final PrometheusRules rules = new PrometheusRules(
            name -> List.of(),
            UnaryOperator.identity(),
            rule -> rule.threshold().baseValue(),
            Duration.ofMillis(1_500),
            Duration.ofSeconds(60));

    private String check(List<AlertRule> all) throws Exception {
        Files.writeString(folder.resolve("rules.yml"), rules.yaml(all));
        DebianProgram.Ended ended = DebianProgram.PROMTOOL.run(folder, "check", "rules", "rules.yml");
        assertThat(ended.status()).as(ended.output()).isZero();
        return ended.output();
    }

    @Test
    void everyStatisticComparisonAndAnswerToMissingDataIsAccepted() throws Exception {
        List<AlertRule> all = new ArrayList<>();
        for (Statistic statistic : Statistic.values()) {
            for (Comparison comparison : Comparison.values()) {
                for (OnMissing missing : OnMissing.values()) {
                    String metric = "http.requests{uri=\"/a\"}." + statistic.word();
                    all.add(AlertRule.when("r" + all.size(), metric, comparison, "1e-7")
                            .hits(3)
                            .keepFiringFor(Duration.ofSeconds(90))
                            .by(all.size() % 2 == 0 ? Set.of("status") : Set.of())
                            .onMissing(missing)
                            .build());
                }
            }
        }
        // the exposition has no series for the smallest, whatever the kind of meter
        assertThat(check(all)).contains("SUCCESS: " + all.size() + " rules found");
    }

    @Test
    void namesAndTextsThatMeanSomethingElseThereAreCarriedAsTheyAre() throws Exception {
        List<String> texts = List.of(
                "a \"quoted\" \\ text",
                "{{ $value }} {{",
                "line\nbreak\r\ttab",
                "# no comment",
                "' : - ? & * ! | > %",
                "\u0000\u0007\u2028\ud83d\ude00\ufeff\u00e9",
                "\ud800 half a character",
                "{{ end }}",
                "$labels");
        List<AlertRule> all = new ArrayList<>();
        for (String text : texts) {
            all.add(AlertRule.when(text, "nan", Comparison.GT, "1")
                    .labels(Map.of("9 lives", text, "alertname", text, "__name__x", text))
                    .annotations(Map.of("what-to-do", text))
                    .description(text)
                    .clearThreshold("0")
                    .build());
        }
        for (String name : List.of(
                "nan",
                "inf",
                "sum",
                "by",
                "on",
                "group_left",
                "end",
                "quantile",
                "count",
                "offset",
                "bool",
                "and",
                "rate",
                "9lives",
                "a-b",
                "start")) {
            all.add(AlertRule.when("m " + name, name, Comparison.GT, "1").build());
            all.add(AlertRule.when("n " + name, name + ".max", Comparison.GT, "1")
                    .by(Set.of("by", "on", "9"))
                    .build());
        }

        assertThat(check(all)).contains("SUCCESS: " + all.size() + " rules found");
        all.add(AlertRule.when("left out", "m", Comparison.GT, "1")
                .by(Set.of("nan"))
                .build());
        assertThat(check(all)).contains("SUCCESS: " + (all.size() - 1) + " rules found");
        assertThat(Files.readString(folder.resolve("rules.yml")))
                .contains("{{\"{{\"}} $value }}".replace("\"", "\\\""));
    }

    @Test
    void aFileWithoutRulesIsAccepted() throws Exception {
        assertThat(check(List.of())).contains("SUCCESS: 0 rules found");
    }
}
