// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConfigException;
import dev.hyperion.HyperionException;
import dev.hyperion.core.config.SecretReferences;
import dev.hyperion.core.config.YamlFile;
import dev.hyperion.monitoring.AlertAction;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Contact;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.monitoring.Threshold;
import dev.hyperion.spi.PluginConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertConfigTest {
    private static PluginConfig file(String yaml) {
        return AlertConfig.SCHEMA.parse(
                YamlFile.read("hyperion.yaml", yaml, new SecretReferences(Map.of(), Path.of("."))), "");
    }

    private static List<AlertRule> rules(String yaml) {
        return AlertConfig.rules(file(yaml), Set.of("log"));
    }

    @Test
    void everyKeyOfARuleIsRead() {
        AlertRule rule = rules("""
                contacts:
                  sre: {primary: sre-oncall@example.com, secondary: sre-backup@example.com}
                alerts:
                  - name: errors
                    metric: error.rate / latency.rate
                    comparison: ge
                    threshold: 5 %
                    clear_threshold: 2 %
                    hits: 3
                    for: 2m
                    keep_firing_for: 10m
                    window: 5m
                    by: [version]
                    on_missing: resolve
                    severity: critical
                    labels: {team: payments}
                    annotations: {dashboard: https://example.com/d}
                    runbook: https://example.com/r
                    notify: [log]
                    contact: sre
                    action: block-ip
                    block_for: 1h
                    description: Too many errors.
                """).get(0);

        assertThat(rule)
                .isEqualTo(AlertRule.when("errors", "error.rate / latency.rate", Comparison.GE, "5 %")
                        .clearThreshold("2 %")
                        .hits(3)
                        .lasting(Duration.ofMinutes(2))
                        .keepFiringFor(Duration.ofMinutes(10))
                        .window(Duration.ofMinutes(5))
                        .by(Set.of("version"))
                        .onMissing(OnMissing.RESOLVE)
                        .severity(Severity.CRITICAL)
                        .labels(Map.of("team", "payments"))
                        .annotations(Map.of(
                                "dashboard", "https://example.com/d", AlertRule.RUNBOOK, "https://example.com/r"))
                        .notifiers(List.of("log"))
                        .contact("sre")
                        .action(AlertAction.BLOCK_IP)
                        .blockFor(Duration.ofHours(1))
                        .description("Too many errors.")
                        .origin(AlertOrigin.CONFIG)
                        .build());
        assertThat(AlertJson.read(AlertJson.rule(rule)).rule()).isEqualTo(rule);
    }

    @Test
    void howAlertsAreToldIsRead() {
        AlertSettings settings = AlertConfig.settings(file("""
                contacts: {sre: {primary: a@example.com}}
                alerting:
                  query_deadline: 1s
                  notifier_deadline: 3s
                  group_by: [rule, team]
                  group_wait: 30s
                  repeat_every: 4h
                  block_loopback: true
                """), Duration.ofSeconds(5));

        assertThat(settings)
                .isEqualTo(new AlertSettings(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        List.of("rule", "team"),
                        Duration.ofSeconds(30),
                        Optional.of(Duration.ofHours(4)),
                        true,
                        Map.of("sre", new Contact("sre", "a@example.com", Optional.empty()))));
        assertThat(AlertConfig.settings(file("{}"), Duration.ofSeconds(10))).isEqualTo(AlertSettings.defaults());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hits: 0                       | hits
            for: -1s                      | for
            threshold: 5 parsecs          | threshold unit 'parsecs' is not known
            threshold: 5 errors/fortnight | is not known
            threshold: fast               | is not a number
            clear_threshold: 2 s          | is clear at 2 s but fires at gt 1 s; expected the threshold or less
            clear_threshold: 2 bananas    | threshold unit 'bananas' is not known
            comparison: above             | gt, ge, lt, le, eq
            on_missing: panic             | keep, fire, resolve
            metric: a / b / c             | divides more than once
            notify: [pigeon]              | names 'pigeon'; there are log
            contact: nobody               | names 'nobody'; there is none
            block_for: 0s                 | block_for
            treshold: 1                   | treshold
            """)
    void whatIsWrongIsRefusedWithItsPlaceInTheFile(String line, String why) {
        String key = line.substring(0, line.indexOf(':'));
        StringBuilder yaml = new StringBuilder("alerts:\n  - name: slow\n");
        for (String usual : List.of("metric: latency.p95", "threshold: 1 s")) {
            if (!usual.startsWith(key + ":")) {
                yaml.append("    ").append(usual).append('\n');
            }
        }
        yaml.append("    ").append(line).append('\n');

        assertThatThrownBy(() -> rules(yaml.toString()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("hyperion.yaml:")
                .hasMessageContaining(why);
    }

    @Test
    void twoRulesOfOneNameAreRefusedAndEverythingElseThatIsWrongIsToldToo() {
        assertThatThrownBy(() -> rules("""
                alerts:
                  - {metric: latency.p95, threshold: 1 s}
                  - {metric: latency.p95, threshold: 2 s}
                  - {name: odd, metric: latency.p95, threshold: 2 parsecs}
                """))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.problems()).hasSize(2))
                .hasMessageContaining("hyperion.yaml:3:")
                .hasMessageContaining("is the second rule named 'latency.p95'")
                .hasMessageContaining("'parsecs'");
    }

    @Test
    void aRuleOfARequestHasTheSameKeysAndSaysWhatIsWrongWithoutAPlace() {
        AlertRule rule = AlertConfig.rule(
                Map.of("metric", "latency.p95", "threshold", "250 ms", "hits", "3", "by", List.of("version")),
                "latency.p95-gt",
                AlertOrigin.CLI);
        assertThat(rule.name()).isEqualTo("latency.p95-gt");
        assertThat(rule.threshold()).isEqualTo(new Threshold(250, "ms"));
        assertThat(rule.by()).containsExactly("version");

        assertThatThrownBy(() -> AlertConfig.rule(Map.of("metric", "m", "hits", "0"), "m", AlertOrigin.API))
                .isInstanceOf(HyperionException.class)
                .isNotInstanceOf(ConfigException.class)
                .hasMessageContaining("threshold")
                .hasMessageContaining("hits");
    }

    @Test
    void aSilenceOfARequestHasOneEnd() {
        Instant now = Instant.parse("2026-11-25T12:00:00Z");
        Silence silence = AlertConfig.silence(Map.of("rule", "slow", "for", "2h", "who", "ada"), now);
        assertThat(silence.until()).isEqualTo(now.plusSeconds(7_200));
        assertThat(AlertConfig.silence(Map.of("rule", "slow", "until", "2026-11-26T00:00:00Z"), now)
                        .until())
                .isEqualTo(Instant.parse("2026-11-26T00:00:00Z"));

        assertThatThrownBy(() -> AlertConfig.silence(Map.of("rule", "slow"), now))
                .hasMessageContaining("has an end");
        assertThatThrownBy(() ->
                        AlertConfig.silence(Map.of("rule", "slow", "for", "1h", "until", "2026-11-26T00:00:00Z"), now))
                .hasMessageContaining("has an end");
        assertThatThrownBy(() -> AlertConfig.silence(Map.of("rule", "slow", "until", "tomorrow"), now))
                .hasMessageContaining("until is 'tomorrow'");
        assertThatThrownBy(() -> AlertConfig.silence(Map.of("for", "1h"), now)).hasMessageContaining("rule");
    }
}
