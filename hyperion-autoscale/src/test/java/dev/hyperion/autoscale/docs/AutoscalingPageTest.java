// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.autoscale.SimulationSettings;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.simulate.LoadTrace;
import dev.hyperion.autoscale.simulate.SimulationChart;
import dev.hyperion.autoscale.simulate.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The generated parts of {@code docs/autoscaling.md}: what the policies do on recorded demand, with its pictures, and the
 * reason codes. With {@code -Dhyperion.docs.write=true} they are written anew.
 */
class AutoscalingPageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/autoscaling.md");
    private static final Path PICTURES = ROOT.resolve("docs/autoscaling");
    private static final Path CODES = ROOT.resolve("hyperion-api/src/main/java/dev/hyperion/autoscale/ReasonCode.java");
    private static final String HOW = "%s is stale; run ./mvnw -Pfast test -pl hyperion-autoscale -am"
            + " -Dtest=AutoscalingPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dhyperion.docs.write=true";
    private static final Pattern CONSTANT = Pattern.compile("/\\*\\*(.*?)\\*/\\s*([A-Z_]+)[,;]", Pattern.DOTALL);
    private static final int MOST = 40;

    @Test
    void thePageTellsWhatThePoliciesDoOnRecordedDemand() throws IOException {
        Map<Path, String> made = new LinkedHashMap<>();
        StringBuilder table =
                new StringBuilder("| trace | policy | overload, min | replica-minutes | up, down | reversals |\n"
                        + "| --- | --- | ---: | ---: | ---: | ---: |\n");
        for (String name : List.of("nyc_taxi", "elb_request_count_8c0756")) {
            LoadTrace trace = LoadTrace.read(Path.of("src/test/resources/traces/" + name + ".csv"));
            SimulationSettings settings = new SimulationSettings(trace.peak() / 20, Duration.ofSeconds(60), 5);
            List<SimulationChart.Panel> panels = new ArrayList<>();
            policies().forEach((title, policy) -> {
                SimulationResult result = Simulator.run(policy, trace, settings);
                panels.add(new SimulationChart.Panel(name + ", " + title, result));
                table.append(row(name, title, result));
            });
            made.put(PICTURES.resolve(name + ".svg"), SimulationChart.draw(panels));
        }
        made.put(PAGE, filled("traces", table.toString()));

        for (Map.Entry<Path, String> document : made.entrySet()) {
            if (Boolean.getBoolean("hyperion.docs.write")) {
                Files.createDirectories(PICTURES);
                Files.writeString(document.getKey(), document.getValue());
            }
            assertThat(document.getKey())
                    .as(HOW, document.getKey().getFileName())
                    .exists();
            assertThat(Files.readString(document.getKey()))
                    .as(HOW, document.getKey().getFileName())
                    .isEqualTo(document.getValue());
        }
    }

    private static Map<String, ScalingPolicy> policies() {
        Map<String, ScalingPolicy> policies = new LinkedHashMap<>();
        policies.put("threshold 75/25, step 1", threshold(1));
        policies.put("threshold 75/25, step 5", threshold(5));
        policies.put(
                "target 50 %",
                TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu.utilization", 50, true)), 1, MOST));
        return policies;
    }

    private static ThresholdPolicy threshold(int step) {
        return new ThresholdPolicy(
                "cpu.utilization",
                75,
                25,
                step,
                1,
                MOST,
                Duration.ofSeconds(120),
                Duration.ofSeconds(300),
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.empty());
    }

    private static String row(String trace, String policy, SimulationResult result) {
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %,d | %,.0f | %,d, %,d | %,d |%n",
                trace,
                policy,
                result.overload().toMinutes(),
                result.replicaMinutes(),
                result.scaleUps(),
                result.scaleDowns(),
                result.reversals());
    }

    @Test
    void thePageHasEveryReasonCodeWithItsMeaning() throws IOException {
        String made = filled("reasons", codes());
        if (Boolean.getBoolean("hyperion.docs.write")) {
            Files.writeString(PAGE, made);
        }
        assertThat(Files.readString(PAGE)).as(HOW, PAGE.getFileName()).isEqualTo(made);
    }

    /** From the enum's own words: its Javadoc, constant by constant. */
    private static String codes() throws IOException {
        String source = Files.readString(CODES);
        Matcher found = CONSTANT.matcher(source.substring(source.indexOf("enum ReasonCode {")));
        Map<String, String> meanings = new LinkedHashMap<>();
        while (found.find()) {
            meanings.put(
                    found.group(2).toLowerCase(Locale.ROOT),
                    found.group(1)
                            .replaceAll("\\s*\\n\\s*\\*\\s*", " ")
                            .replaceAll("\\{@code ([^}]*)}", "`$1`")
                            .strip());
        }
        assertThat(meanings.keySet())
                .containsExactlyElementsOf(java.util.Arrays.stream(ReasonCode.values())
                        .map(ReasonCode::code)
                        .toList());
        return "| code | meaning |\n| --- | --- |\n"
                + meanings.entrySet().stream()
                        .map(each -> "| `" + each.getKey() + "` | " + each.getValue() + " |\n")
                        .collect(Collectors.joining());
    }

    private static String filled(String place, String content) throws IOException {
        String page = Files.readString(PAGE);
        String open = "<!-- generated:" + place + " -->";
        int from = page.indexOf(open);
        int to = page.indexOf("<!-- /generated:" + place + " -->");
        assertThat(from).as("the page has the place %s", place).isBetween(0, to);
        return page.substring(0, from + open.length()) + "\n" + content + page.substring(to);
    }
}
