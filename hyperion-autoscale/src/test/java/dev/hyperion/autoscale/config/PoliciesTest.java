// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConfigException;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.PolicyFinding;
import dev.hyperion.autoscale.PolicySetting;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.schedule.CronExpression;
import dev.hyperion.autoscale.schedule.Schedule;
import dev.hyperion.autoscale.stage.MetricGuard;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StartAware;
import dev.hyperion.spi.ConfigNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final Map<String, Object> CPU =
            Map.of("type", "utilization", "metric", "cpu.utilization", "target", 60);

    private static Policies read(Map<String, ?> section) {
        return Policies.read(Policies.SCHEMA.parse(ConfigNode.Mapping.of(section), "autoscale"));
    }

    private static EffectivePolicy only(Map<String, ?> section) {
        List<EffectivePolicy> all = read(section).all();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static Map<String, Object> target(Map<String, ?> more) {
        Map<String, Object> section = new HashMap<>(Map.of("policy", "target", "metrics", List.of(CPU)));
        section.putAll(more);
        return section;
    }

    private static TargetPolicy targetPolicy(Map<String, ?> more) {
        return (TargetPolicy) only(target(more)).policy();
    }

    private static void refused(Map<String, ?> section, String... messages) {
        assertThatThrownBy(() -> read(section)).isInstanceOfSatisfying(ConfigException.class, refusal -> {
            assertThat(refusal.problems()).as(refusal.getMessage()).hasSize(messages.length);
            for (int i = 0; i < messages.length; i++) {
                assertThat(refusal.problems().get(i).toString()).contains(messages[i]);
            }
        });
    }

    @Test
    void theSnapshotOfThePlaybookIsReadKeyByKey() {
        Map<String, Object> snapshot = Map.ofEntries(
                Map.entry("metric", "cpu.utilization"),
                Map.entry("scale_up_threshold", 75.0),
                Map.entry("scale_down_threshold", 25.0),
                Map.entry("scale_step", 2),
                Map.entry("min_replicas", 4),
                Map.entry("max_replicas", 16),
                Map.entry("scale_up_cooldown_seconds", 120),
                Map.entry("scale_down_cooldown_seconds", 300),
                Map.entry("reviewed_on", "2025-10-10"),
                Map.entry("approved_by", "capacity_planning_team"));

        assertThat(only(snapshot).policy())
                .isEqualTo(new ThresholdPolicy(
                        "cpu.utilization",
                        75,
                        25,
                        2,
                        4,
                        16,
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(300),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(45),
                        Optional.of(LocalDate.of(2025, 10, 10)),
                        Optional.of("capacity_planning_team")));
    }

    @Test
    void nothingConfiguredIsTheDefaultPolicy() {
        assertThat(only(Map.of()).policy()).isEqualTo(ThresholdPolicy.defaults());
        assertThat(only(Map.of()).settings())
                .extracting(PolicySetting::place)
                .isNotEmpty()
                .containsOnly("default");
    }

    @Test
    void aTargetPolicyHasTheDefaultsOfKubernetes() {
        TargetPolicy policy = targetPolicy(Map.of("max_replicas", 20));

        assertThat(policy)
                .isEqualTo(TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu.utilization", 60, true)), 1, 20));
    }

    @Test
    void everyKindOfMetricIsRead() {
        TargetPolicy policy = targetPolicy(Map.of(
                "metrics",
                List.of(
                        CPU,
                        Map.of("type", "average", "metric", "requests.in_flight", "target", 2.5),
                        Map.of("type", "value", "metric", "latency.p95", "target", 0.25),
                        Map.of("type", "value-per-replica", "metric", "latency.rate", "target", 100),
                        Map.of("type", "average", "metric", "heap", "target", 1, "start_inflates", true))));

        assertThat(policy.metrics())
                .containsExactly(
                        new TargetMetric.Utilization("cpu.utilization", 60, true),
                        new TargetMetric.PerReplica("requests.in_flight", 2_500, false),
                        new TargetMetric.Value("latency.p95", 250),
                        new TargetMetric.ValuePerReplica("latency.rate", 100_000),
                        new TargetMetric.PerReplica("heap", 1_000, true));
    }

    @Test
    void behaviorToleranceAndPanicAreRead() {
        TargetPolicy policy = targetPolicy(Map.of(
                "tolerance",
                0.2,
                "behavior",
                Map.of(
                        "scale_up",
                        Map.of(
                                "stabilization_window",
                                "30s",
                                "select",
                                "min",
                                "policies",
                                List.of(
                                        Map.of("type", "pods", "value", 2, "period", "60s"),
                                        Map.of("type", "percent", "value", 50, "period_seconds", 15))),
                        "scale_down",
                        Map.of("select", "disabled", "tolerance", 0.05)),
                "panic",
                Map.of("threshold", 3),
                "start_up",
                Map.of("warm_up", "2m")));

        assertThat(policy.up())
                .isEqualTo(new ScalingRules(
                        Duration.ofSeconds(30),
                        List.of(
                                new ScalingRules.Limit(ScalingRules.Unit.REPLICAS, 2, Duration.ofSeconds(60)),
                                new ScalingRules.Limit(ScalingRules.Unit.PERCENT, 50, Duration.ofSeconds(15))),
                        ScalingRules.Select.MIN,
                        0.2));
        assertThat(policy.down().select()).isEqualTo(ScalingRules.Select.DISABLED);
        assertThat(policy.down().tolerance()).isEqualTo(0.05);
        assertThat(policy.down().limits()).isEqualTo(ScalingRules.downDefaults().limits());
        assertThat(policy.panic().orElseThrow().threshold()).isEqualTo(3);
        assertThat(policy.panic().orElseThrow().window()).isEqualTo(Duration.ofSeconds(6));
        assertThat(policy.startUp().warmUp()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void anApplicationMayRestIfSomethingElseThanItsReplicasIsMeasured() {
        TargetPolicy policy = targetPolicy(Map.of(
                "min_replicas",
                0,
                "activation",
                0.5,
                "metrics",
                List.of(Map.of("type", "value-per-replica", "metric", "queue.length", "target", 10))));

        assertThat(policy.minReplicas()).isZero();
        assertThat(policy.activationMilli()).isEqualTo(500);
        refused(target(Map.of("min_replicas", 0)), "autoscale.min_replicas is 0; expected 1 or more, or a metric of");
        refused(Map.of("min_replicas", 0), "autoscale.min_replicas is 0; expected 1 or more, or policy: target");
        refused(target(Map.of("activation", 3)), "autoscale.activation is only for min_replicas 0");
    }

    @Test
    void numbersThatCannotBeAreRefusedEach() {
        refused(
                Map.of("min_replicas", 5, "max_replicas", 3),
                "autoscale.max_replicas is 3; expected at least min_replicas 5");
        refused(
                Map.of("scale_up_threshold", 20, "scale_down_threshold", 20),
                "autoscale.scale_down_threshold is 20.0; expected less than scale_up_threshold 20.0");
        refused(
                Map.of("scale_up_threshold", 20),
                "autoscale.scale_up_threshold is 20.0; expected more than scale_down_threshold 25.0");
        refused(Map.of("scale_step", 0), "autoscale.scale_step is '0'; expected a whole number from 1 to 1000");
        refused(
                Map.of("scale_up_cooldown_seconds", -1),
                "autoscale.scale_up_cooldown_seconds is '-1'; expected a duration");
        refused(Map.of("scale_down_cooldown", "-5s"), "autoscale.scale_down_cooldown is '-5s'; expected a duration");
        refused(Map.of("metric", "{}"), "autoscale.metric ");
        refused(
                target(Map.of("max_replicas", 2, "min_replicas", 3)),
                "autoscale.max_replicas is 2; expected at least min_replicas 3");
        refused(
                target(Map.of("metrics", List.of(Map.of("type", "utilization", "metric", "cpu", "target", 60.5)))),
                "autoscale.metrics[0].target is 60.5; expected whole percent");
        refused(
                target(Map.of("metrics", List.of(Map.of("type", "average", "metric", "cpu", "target", 0)))),
                "autoscale.metrics[0].target is '0'; expected a number from 0.001");
        refused(
                target(Map.of("panic", Map.of("window", "60s", "threshold", 1))),
                "autoscale.panic.window is 60.0 s; expected less than stable_window 60.0 s",
                "autoscale.panic.threshold is 1; expected more than 1");
    }

    @Test
    void keysOfTheOtherKindAreRefusedAsTheyWouldDoNothing() {
        refused(
                target(Map.of("scale_step", 2)),
                "autoscale.scale_step belongs to policy: threshold, and this policy is target");
        refused(
                Map.of("metrics", List.of(CPU), "tolerance", 0.1),
                "autoscale.metrics belongs to policy: target, and this policy is threshold",
                "autoscale.tolerance belongs to policy: target");
        refused(Map.of("policy", "target"), "autoscale.metrics is missing; expected a list of metrics");
    }

    @Test
    void unknownKeysAreToldWithTheNearestOneAtAnyDepth() {
        refused(
                target(Map.of("behavior", Map.of("scale_up", Map.of("stabilisation_window", "1s")))),
                "autoscale.behavior.scale_up.stabilisation_window is not a known key; did you mean"
                        + " stabilization_window?");
        refused(
                target(Map.of("metrics", List.of(Map.of("typ", "value", "metric", "m", "target", 1)))),
                "autoscale.metrics[0].type is missing; expected one of utilization, average, value, value-per-replica",
                "autoscale.metrics[0].typ is not a known key; did you mean type?");
        refused(Map.of("policy", "targets"), "autoscale.policy is 'targets'; expected one of threshold, target");
    }

    @Test
    void applicationsHavePoliciesOfTheirOwnAndOfEitherKind() {
        Policies policies = read(Map.of(
                "applications", Map.of("shop", target(Map.of()), "mail", Map.of("scale_step", 3, "min_replicas", 4))));

        assertThat(policies.of(new ApplicationId("shop")).orElseThrow().policy())
                .isInstanceOf(TargetPolicy.class);
        assertThat(policies.of(new ApplicationId("mail")).orElseThrow().policy().minReplicas())
                .isEqualTo(4);
        assertThat(policies.of(new ApplicationId("other"))).isEmpty();
        refused(
                Map.of("scale_step", 1, "applications", Map.of("shop", Map.of("max_replicas", 0))),
                "autoscale.applications.shop.max_replicas is '0'");
        refused(
                Map.of("scale_step", 1, "applications", Map.of("shop", Map.of("min_replicas", 11))),
                "autoscale.applications.shop.min_replicas is 11; expected at most max_replicas 10",
                "autoscale.scale_step stands beside applications; move it under the application that it is for");
    }

    @Test
    void eachValueIsToldWithItsOrigin() {
        ConfigNode.Position line2 = new ConfigNode.Position("hyperion.yaml", 2, 17);
        ConfigNode.Position line3 = new ConfigNode.Position("hyperion.yaml", 3, 17);
        ConfigNode.Position line4 = new ConfigNode.Position("hyperion.yaml", 4, 22);
        ConfigNode.Mapping section = new ConfigNode.Mapping(
                Map.of(
                        "min_replicas",
                        new ConfigNode.Entry(line2, new ConfigNode.Scalar("2", line2)),
                        "max_replicas",
                        new ConfigNode.Entry(line3, new ConfigNode.Scalar("9", Optional.of("${MOST_REPLICAS}"), line3)),
                        "scale_up_cooldown",
                        new ConfigNode.Entry(line4, new ConfigNode.Scalar("2m", line4))),
                line2);
        EffectivePolicy policy =
                Policies.read(Policies.SCHEMA.parse(section, "autoscale")).all().get(0);

        assertThat(policy.settings())
                .contains(
                        new PolicySetting("min_replicas", "2", PolicySetting.Origin.FILE, "hyperion.yaml:2:17"),
                        new PolicySetting(
                                "max_replicas",
                                "9",
                                PolicySetting.Origin.ENVIRONMENT,
                                "hyperion.yaml:3:17 ${MOST_REPLICAS}"),
                        new PolicySetting(
                                "scale_up_cooldown_seconds", "120", PolicySetting.Origin.FILE, "hyperion.yaml:4:22"),
                        new PolicySetting("scale_step", "1", PolicySetting.Origin.DEFAULT, "default"));
        assertThat(only(Map.of("scale_step", 2)).place("scale_step")).isEqualTo("<memory>");
        assertThat(only(target(Map.of("tolerance", 0.2))).settings())
                .contains(
                        new PolicySetting("behavior.scale_up.tolerance", "0.2", PolicySetting.Origin.CODE, "<memory>"));
    }

    @Test
    void aPolicyCanBeAsFastAsAnObjectWithoutBehavior() {
        assertThat(targetPolicy(Map.of()).withoutBehavior()).isFalse();
        assertThat(targetPolicy(Map.of("without_behavior", true)).withoutBehavior())
                .isTrue();
        refused(
                target(Map.of("without_behavior", true, "behavior", Map.of("scale_up", Map.of("select", "min")))),
                "autoscale.without_behavior is true, and there is a behavior; remove one of the two");
        Policies policies = read(target(Map.of("without_behavior", true)));
        assertThat(policies.toJson(policies.all().get(0), List.of()))
                .contains("\"without_behavior\":true")
                .contains("{\"key\":\"without_behavior\",\"value\":\"true\",\"origin\":\"code\"");
    }

    @Test
    void aPolicyThatFlapsIsValidAndFoundOut() {
        assertThat(only(Map.of("scale_step", 3)).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(PolicyFinding.Level.ERROR);
            assertThat(finding.key()).isEqualTo("scale_step");
        });
    }

    @Test
    void aMetricThatHyperionDoesNotRecordIsNotedAtItsKeyWithTheOneThatMayBeMeant() {
        assertThat(only(Map.of("metric", "cpu.utilisation{zone=\"a\"}.max")).findings())
                .singleElement()
                .isEqualTo(new PolicyFinding(
                        PolicyFinding.Level.NOTE,
                        "metric",
                        "cpu.utilisation is none that Hyperion records itself: until the application records it, or"
                                + " metrics.aliases names it, it is no data, on which nothing is removed; did you"
                                + " mean cpu.utilization?"));
        assertThat(only(target(Map.of(
                                "metrics",
                                List.of(CPU, Map.of("type", "value", "metric", "orders.waiting.mean", "target", 5)))))
                        .findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(PolicyFinding.Level.NOTE);
                    assertThat(finding.key()).isEqualTo("metrics[1].metric");
                    assertThat(finding.message())
                            .startsWith("orders.waiting is none")
                            .doesNotContain("did you mean");
                });
        for (String known : List.of("memory.usage{area=\"heap\"}.max", "latency.p95", "error.rate")) {
            assertThat(only(Map.of("metric", known)).findings()).as(known).isEmpty();
        }
    }

    @Test
    void policiesAreToldInTheKeysOfTheConfiguration() {
        Policies policies = read(target(Map.of("panic", Map.of())));
        String json = policies.toJson(policies.all().get(0), List.of());

        assertThat(json)
                .contains(
                        "\"application\":null,\"policy\":\"target\"",
                        "{\"type\":\"utilization\",\"metric\":\"cpu.utilization\",\"target\":60.0,"
                                + "\"start_inflates\":true}",
                        "\"scale_up\":{\"stabilization_window_seconds\":0.0,\"select\":\"max\",\"tolerance\":0.1,"
                                + "\"policies\":[{\"type\":\"pods\",\"value\":4,\"period_seconds\":15.0},",
                        "\"panic\":{\"window_seconds\":6.0",
                        "{\"key\":\"metrics[0].target\",\"value\":\"60\",\"origin\":\"code\",\"place\":\"<memory>\"}")
                .isEqualTo(policies.toJson(policies.all().get(0), List.of()));
    }

    @Test
    void whatStandsAroundAPolicyIsRead() {
        Policies policies = read(Map.of(
                "guards",
                List.of(Map.of(
                        "metric",
                        "cpu.utilization",
                        "max_age",
                        "60s",
                        "on_bad_data",
                        "fallback",
                        "fallback_replicas",
                        6,
                        "zero_suspicious_from",
                        5)),
                "schedules",
                Map.of(
                        "evening",
                        Map.of(
                                "cron",
                                "0 18 * * mon-fri",
                                "zone",
                                "Europe/Berlin",
                                "duration",
                                "4h",
                                "min_replicas",
                                6)),
                "rollouts",
                "count-once",
                "start_aware",
                Map.of("warm_up", "30s")));

        assertThat(policies.stages(new ApplicationId("any")))
                .isEqualTo(new StageSettings(
                        List.of(new MetricGuard(
                                "cpu.utilization",
                                Optional.of(Duration.ofSeconds(60)),
                                new MetricGuard.OnBadData.Fallback(6, Duration.ofMinutes(5)),
                                Optional.of(new MetricGuard.ZeroGuard(5, Duration.ofMinutes(10))))),
                        List.of(new Schedule(
                                "evening",
                                CronExpression.parse("0 18 * * mon-fri"),
                                ZoneId.of("Europe/Berlin"),
                                Duration.ofHours(4),
                                OptionalInt.of(6),
                                OptionalInt.empty())),
                        List.of(),
                        RolloutRule.COUNT_ONCE,
                        Optional.of(new StartAware(Duration.ofSeconds(30), Duration.ofMinutes(5)))));
        assertThat(policies.all().get(0).settings())
                .extracting(PolicySetting::key)
                .contains("guards[0].fallback_replicas", "schedules.evening.cron", "rollouts", "start_aware.warm_up");
        assertThat(read(Map.of()).stages(new ApplicationId("any")))
                .isEqualTo(new StageSettings(List.of(), List.of(), List.of(), RolloutRule.HOLD, Optional.empty()));
    }

    @Test
    void whatPeopleWantForAWhileIsReadWithItsEnd() {
        Map<String, Object> pause =
                Map.of("kind", "pause", "until", "2026-12-01T06:00:00Z", "who", "ada", "why", "the database moves");
        Map<String, Object> pinned = Map.of(
                "kind", "pinned", "replicas", 6, "until", "2026-12-01T06:00:00Z", "who", "ada", "why", "load test");

        assertThat(read(Map.of("overrides", List.of(pause, pinned)))
                        .stages(new ApplicationId("any"))
                        .overrides())
                .containsExactly(
                        new ScaleOverride(
                                ScaleOverride.Kind.PAUSE,
                                0,
                                "ada",
                                "the database moves",
                                Instant.parse("2026-12-01T06:00:00Z"),
                                ScaleOverride.Origin.CONFIG),
                        new ScaleOverride(
                                ScaleOverride.Kind.PINNED,
                                6,
                                "ada",
                                "load test",
                                Instant.parse("2026-12-01T06:00:00Z"),
                                ScaleOverride.Origin.CONFIG));
        refused(
                Map.of("overrides", List.of(with(pause, "until", "tomorrow"))),
                "autoscale.overrides[0].until is 'tomorrow'; expected a time such as 2026-12-01T06:00:00Z");
        refused(
                Map.of("overrides", List.of(with(pause, "replicas", 3))),
                "autoscale.overrides[0].replicas is of no use here: kind is pause");
        refused(
                Map.of("overrides", List.of(with(pause, "kind", "pinned"))),
                "autoscale.overrides[0].replicas is missing; kind is pinned");
        refused(
                Map.of("overrides", List.of(with(pause, "who", " "))),
                "autoscale.overrides[0].who and why have to be there");
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> changed = new HashMap<>(map);
        changed.put(key, value);
        return changed;
    }

    @Test
    void whatCannotStandAroundAPolicyIsRefused() {
        Map<String, Object> night = Map.of("cron", "0 0 * * *", "duration", "6h", "min_replicas", 0);
        refused(
                Map.of("schedules", Map.of("night", night)),
                "autoscale.schedules.night.min_replicas is 0; expected 1 or more, or min_replicas 0 in the policy");
        refused(
                Map.of("schedules", Map.of("x", Map.of("cron", "0 25 * * *", "duration", "6h", "max_replicas", 2))),
                "autoscale.schedules.x.cron ");
        refused(
                Map.of("schedules", Map.of("x", Map.of("cron", "0 1 * * *", "duration", "6h"))),
                "expected min_replicas, max_replicas or both");
        refused(
                Map.of(
                        "schedules",
                        Map.of(
                                "x",
                                Map.of("cron", "0 1 * * *", "duration", "6h", "min_replicas", 2, "zone", "Berlin"))),
                "autoscale.schedules.x.zone is 'Berlin'; expected a zone such as Europe/Berlin");
        refused(
                Map.of("guards", List.of(Map.of("metric", "cpu"))),
                "autoscale.guards has a guard of cpu; expected one of [cpu.utilization]");
        refused(
                Map.of("guards", List.of(Map.of("metric", "cpu.utilization", "on_bad_data", "fallback"))),
                "autoscale.guards[0].fallback_replicas is missing; on_bad_data is fallback");
        refused(
                Map.of("guards", List.of(Map.of("metric", "cpu.utilization", "fallback_replicas", 3))),
                "autoscale.guards[0].on_bad_data is up-only; expected fallback");
    }
}
