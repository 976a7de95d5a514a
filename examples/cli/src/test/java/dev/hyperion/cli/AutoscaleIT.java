// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies are looked at and tried on files alone: no instance runs here. */
class AutoscaleIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TRACES = Cli.ROOT.resolve("hyperion-autoscale/src/test/resources/traces");
    private static final String TAXI = TRACES.resolve("nyc_taxi.csv").toString();

    private static final String TARGET = """
            autoscale:
              policy: target
              metrics:
                - {type: utilization, metric: cpu.utilization, target: 60}
              min_replicas: 2
              max_replicas: ${MOST_REPLICAS}
              behavior:
                scale_down: {stabilization_window: 10m}
            plugins:
              slack: {url: "${NOT_SET_HERE}"}
            """;

    @TempDir
    private Path home;

    private Cli.Result cli(Map<String, String> environment, String... args) throws Exception {
        Cli cli = new Cli(home);
        return cli.run(cli.process(environment, args));
    }

    private Cli.Result cli(String... args) throws Exception {
        return cli(Map.of(), args);
    }

    private String done(String... args) throws Exception {
        Cli.Result result = cli(args);
        assertThat(result.exitCode()).as(result.all()).isZero();
        return result.out();
    }

    private String refused(int exitCode, String... args) throws Exception {
        Cli.Result result = cli(args);
        assertThat(result.exitCode()).as(result.all()).isEqualTo(exitCode);
        assertThat(result.err()).doesNotContain("\tat ");
        return result.err();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text).toString();
    }

    private String trace(String... rows) throws IOException {
        return file("load.csv", "timestamp,value\n" + String.join("\n", rows) + "\n");
    }

    @Test
    void theRatifiedPolicyIsTriedOnARealTraceAndTheSameBytesComeOutAgain() throws Exception {
        Path first = home.resolve("first.svg");
        Path second = home.resolve("second.svg");
        String[] command = {
            "autoscale",
            "simulate",
            TAXI,
            "--config",
            "configs/hyperion.yaml",
            "--capacity-per-replica",
            "2500",
            "--svg"
        };
        String told = done(append(command, first.toString()));

        assertThat(told)
                .contains("decisions: 1238400: ", "replicas:  4 to 16, ", "carries 2500, starts in 30 s; 4 at first")
                .containsPattern("overload:  [1-9][0-9.]* min, at most [0-9.]+ min at a time")
                .containsPattern("2014-07-01T00:00:00Z +29985 +10000 ");
        assertThat(done(append(command, second.toString()))).isEqualTo(told.replace("first.svg", "second.svg"));
        assertThat(Files.readString(first))
                .startsWith("<svg ")
                .contains("class=\"load\"", "class=\"cap\"", "class=\"up\"")
                .isEqualTo(Files.readString(second));
    }

    private static String[] append(String[] command, String last) {
        String[] longer = Arrays.copyOf(command, command.length + 1);
        longer[command.length] = last;
        return longer;
    }

    @Test
    void moreReplicasPerStepAreLessOverloadAndTheJsonHasTheFigures() throws Exception {
        JsonNode slow = simulated("scale_step: 1");
        JsonNode fast = simulated("scale_step: 4");

        assertThat(fast.get("simulation").get("overload_minutes").asDouble())
                .isLessThan(slow.get("simulation").get("overload_minutes").asDouble());
        assertThat(slow.get("policy").get("scale_step").asInt()).isEqualTo(1);
        assertThat(slow.get("simulation").get("course")).hasSizeGreaterThan(100);
    }

    private JsonNode simulated(String step) throws Exception {
        String config = file("step.yaml", "autoscale: {min_replicas: 4, max_replicas: 16, " + step + "}\n");
        return JSON.readTree(
                done("autoscale", "simulate", TAXI, "--config", config, "--capacity-per-replica", "2500", "--json"));
    }

    @Test
    void withoutAConfigurationAndAnInstanceTheDefaultPolicyIsTriedAndThatIsSaid() throws Exception {
        String trace = trace("2026-01-01 00:00:00,50", "2026-01-01 00:10:00,100", "2026-01-01 00:20:00,100");

        assertThat(done("autoscale", "simulate", trace))
                .contains(
                        "(the default, as no instance runs here; name a configuration with --config)",
                        "carries 10, starts in 30 s; 1 at first",
                        "note:      what one replica carries was not said; assumed are 10.0000, so that max_replicas 10"
                                + " just carry the peak of 100.000");
    }

    @Test
    void aGapIsANoteAndNothingIsRemovedInIt() throws Exception {
        String trace = trace(
                "2026-01-01 00:00:00,35", "2026-01-01 00:10:00,35", "2026-01-01 00:20:00,35", "2026-01-01 03:00:00,35");

        assertThat(done("autoscale", "simulate", trace, "--capacity-per-replica", "10", "--rows", "40"))
                .contains("load.csv:5: a gap of 9000 s before 2026-01-01T03:00:00Z; the load in it is not known")
                .contains(" 0 down, ")
                .contains("not known");
    }

    @Test
    void aTraceThatCannotBeReadIsRefusedWithItsRow() throws Exception {
        assertThat(refused(1, "autoscale", "simulate", trace("2026-01-01 00:00:00,1", "2026-01-01 00:10:00,many")))
                .contains("load.csv:3: value 'many' is no number")
                .hasLineCount(1);
        assertThat(refused(1, "autoscale", "simulate", trace("2026-01-01 00:00:00,1", "2026-01-01 00:10:00,12d")))
                .contains("load.csv:3: value '12d' is no number");
        assertThat(refused(1, "autoscale", "simulate", trace("2026-01-01 00:00:00,1", "2026-01-01 00:00:00,2")))
                .contains("load.csv:3: 2026-01-01 00:00:00 is there twice")
                .hasLineCount(1);
        assertThat(refused(1, "autoscale", "simulate", trace("2026-01-01 00:10:00,1", "2026-01-01 00:00:00,2")))
                .contains("load.csv:3: 2026-01-01 00:00:00 is earlier than the row before");
        assertThat(refused(1, "autoscale", "simulate", trace("1970-01-01 00:00:00,1", "2026-01-01 00:00:00,2")))
                .contains("decisions long at an interval of 15 s; expected at most 5000000");
        assertThat(refused(1, "autoscale", "simulate", "nowhere.csv")).contains("nowhere.csv: does not exist");
    }

    @Test
    void commandsThatSayTooLittleOrTooMuchAreUsageErrors() throws Exception {
        assertThat(refused(2, "autoscale", "simulate")).contains("name a trace, or a metric with --live");
        assertThat(refused(2, "autoscale", "simulate", TAXI, "--live", "latency.rate"))
                .contains("not both");
        assertThat(refused(2, "autoscale", "simulate", TAXI, "--start-up", "soon"))
                .contains("--start-up is 'soon'; expected a duration such as 45s or 2m");
        assertThat(refused(1, "autoscale", "simulate", TAXI, "--capacity-per-replica", "0"))
                .contains("capacity per replica is 0.0; expected more than 0");
    }

    @Test
    void whatNeedsAnInstanceSaysSoWithExitCodeThree() throws Exception {
        assertThat(refused(3, "autoscale", "simulate", "--live", "latency.rate"))
                .contains("hyperion_cli serve");
        assertThat(refused(3, "autoscale", "policy")).contains("hyperion_cli serve");
        assertThat(refused(3, "autoscale", "lint")).contains("hyperion_cli serve");
        assertThat(refused(3, "autoscale", "plan")).contains("hyperion_cli serve");
    }

    @Test
    void everyValueOfAPolicyIsToldWithWhereItCameFrom() throws Exception {
        String config = file("target.yaml", TARGET);
        Cli.Result told = cli(Map.of("MOST_REPLICAS", "12"), "autoscale", "policy", "--config", config);

        assertThat(told.exitCode()).as(told.all()).isZero();
        assertThat(told.out())
                .containsPattern("policy: target +# .*target.yaml:2:11\n")
                .containsPattern("metrics\\[0\\].target: 60 +# .*target.yaml:4:60\n")
                .containsPattern("min_replicas: 2 +# .*target.yaml:5:17\n")
                .containsPattern("max_replicas: 12 +# .*target.yaml:6:17 \\$\\{MOST_REPLICAS}\n")
                .containsPattern("behavior.scale_down.stabilization_window: 600s +# .*target.yaml:8:40\n")
                .containsPattern("behavior.scale_up.policies\\[0\\].value: 4 +# default\n");
        JsonNode json =
                JSON.readTree(cli(Map.of("MOST_REPLICAS", "12"), "autoscale", "policy", "--config", config, "--json")
                        .out());
        assertThat(json.get("metrics").get(0).get("target").asInt()).isEqualTo(60);
        assertThat(json.get("settings").findValuesAsText("origin")).contains("file", "environment", "default");
    }

    /** A check in a build has no secrets; only those of the section itself are missed. */
    @Test
    void onlyVariablesOfTheSectionItselfAreMissed() throws Exception {
        assertThat(refused(1, "autoscale", "lint", "--config", file("target.yaml", TARGET)))
                .contains("target.yaml:6:17: autoscale.max_replicas names the environment variable MOST_REPLICAS")
                .hasLineCount(1);
    }

    @Test
    void lintEndsWithOneIfAPolicyFlapsAndSaysWhereAndWhatToDo() throws Exception {
        String config = file("flaps.yaml", "autoscale:\n  scale_step: 3\n  max_age: 5s\n");
        Cli.Result result = cli("autoscale", "lint", "--config", config);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .contains("flaps.yaml:2:15: autoscale.scale_step 3 flaps at constant load: 4 replicas just below 25.0"
                        + " become 1 at 100, above 75.0; make scale_step 2 or less, or min_replicas 2 or more")
                .contains("warning: ", "flaps.yaml:3:12: autoscale.max_age 5 s is less than the interval 15 s")
                .endsWith("1 policy: 1 error, 1 warning\n");
        assertThat(done("autoscale", "lint", "--config", "configs/hyperion.yaml"))
                .isEqualTo("1 policy: 0 errors, 0 warnings\n");
    }

    @Test
    void aMetricThatNobodyIsKnownToRecordIsANoteWithItsPlaceAndNoFailure() throws Exception {
        String config = file("typo.yaml", "autoscale:\n  metric: cpu.utilisation\n");

        assertThat(done("autoscale", "lint", "--config", config))
                .contains(
                        "note: ",
                        "typo.yaml:2:11: autoscale.metric cpu.utilisation is none that Hyperion records itself")
                .contains("did you mean cpu.utilization?")
                .endsWith("1 policy: 0 errors, 0 warnings\n");
    }

    @Test
    void policiesOfSeveralApplicationsAreToldApart() throws Exception {
        String config = file(
                "two.yaml", "autoscale:\n  applications:\n    shop: {scale_step: 3}\n    mail: {min_replicas: 2}\n");

        assertThat(cli("autoscale", "lint", "--config", config).out())
                .contains("two.yaml:3:24: autoscale.applications.shop.scale_step 3 flaps");
        assertThat(done("autoscale", "policy", "--config", config, "--app", "mail"))
                .contains("min_replicas: 2");
        assertThat(refused(1, "autoscale", "policy", "--config", config))
                .contains("there are several policies, of [shop, mail]; name one with --app");
        assertThat(refused(1, "autoscale", "policy", "--config", config, "--app", "other"))
                .contains("other has no scaling policy; those named are [shop, mail]");
    }

    /** One message each, with file, line, column, key, value and what was expected; all at once. */
    @Test
    void badPoliciesAreRefusedWithThePlaceOfEachMistake() throws Exception {
        assertThat(lint("autoscale:\n  min_replicas: 5\n  max_replicas: 3\n  scale_up_threshold: 20\n"))
                .contains(
                        "bad.yaml:3:3: autoscale.max_replicas is 3; expected at least min_replicas 5",
                        "bad.yaml:4:3: autoscale.scale_up_threshold is 20.0; expected more than scale_down_threshold"
                                + " 25.0")
                .hasLineCount(2);
        assertThat(lint("autoscale:\n  scale_step: 0\n  scale_up_cooldown_seconds: -1\n  scale_upthreshold: 3\n"))
                .contains(
                        "bad.yaml:2:15: autoscale.scale_step is '0'; expected a whole number from 1 to 1000",
                        "bad.yaml:3:30: autoscale.scale_up_cooldown_seconds is '-1'; expected a duration",
                        "bad.yaml:4:3: autoscale.scale_upthreshold is not a known key; did you mean scale_up_threshold?")
                .hasLineCount(3);
        assertThat(lint("autoscale:\n  scale_up_cooldown: 60s\n  scale_up_cooldown_seconds: 120\n"))
                .contains(
                        "bad.yaml:3:3: autoscale.scale_up_cooldown_seconds says something else than scale_up_cooldown"
                                + " at ",
                        "bad.yaml:2:3; keep one of the two")
                .hasLineCount(1);
        assertThat(lint("autoscale:\n  metric: 'cpu.utilization{'\n"))
                .contains("bad.yaml:2:3: autoscale.metric ")
                .hasLineCount(1);
        assertThat(lint("http: {}\n")).contains("bad.yaml: autoscale is missing; without it nothing is scaled");
        assertThat(lint("autoscale: none\n"))
                .contains("bad.yaml:1:12: autoscale is no section; expected keys and values");
    }

    private String lint(String config) throws Exception {
        return refused(1, "autoscale", "lint", "--config", file("bad.yaml", config));
    }
}
