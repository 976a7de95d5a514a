// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.autoscale.PolicyFinding;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ThresholdDecider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyLintTest {
    private static ThresholdPolicy policy(double up, double down, int step, int min, int max, int cooldown) {
        return new ThresholdPolicy(
                "load",
                up,
                down,
                step,
                min,
                max,
                Duration.ofSeconds(cooldown),
                Duration.ofSeconds(300),
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.empty());
    }

    private static boolean flapsSaysLint(ThresholdPolicy policy) {
        return PolicyLint.lint(policy).stream().anyMatch(each -> each.level() == PolicyFinding.Level.ERROR);
    }

    @Test
    void thePolicyOfThePlaybookIsFine() {
        assertThat(PolicyLint.lint(policy(75, 25, 2, 4, 16, 120))).isEmpty();
    }

    @Test
    void aStepThatFlapsIsAnErrorThatSaysWhatToDo() {
        assertThat(PolicyLint.lint(policy(75, 25, 3, 1, 10, 120)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.key()).isEqualTo("scale_step");
                    assertThat(finding.message())
                            .contains("4 replicas just below 25.0 become 1 at 100, above 75.0")
                            .endsWith("make scale_step 2 or less, or min_replicas 2 or more");
                });
    }

    /** Every small policy, every constant load: what lint passes settles, and what it refuses does flap at some load. */
    @Test
    void lintIsRightAboutEverySmallPolicy() {
        for (int step = 1; step <= 6; step++) {
            for (int min = 1; min <= 4; min++) {
                for (double up : new double[] {40, 60, 75, 90}) {
                    for (double down : new double[] {20, 25, 35}) {
                        ThresholdPolicy policy = policy(up, down, step, min, 24, 0);
                        assertThat(flapsAtSomeLoad(policy))
                                .as("step %d, min %d, %s/%s", step, min, up, down)
                                .isEqualTo(flapsSaysLint(policy));
                    }
                }
            }
        }
    }

    private static boolean flapsAtSomeLoad(ThresholdPolicy policy) {
        for (double load = 1; load < 24 * 100; load += 0.25) {
            // from every count, since how it got there is not the policy's business
            for (int from = policy.minReplicas(); from <= policy.maxReplicas(); from++) {
                int next = decide(policy, from, load);
                int after = decide(policy, next, load);
                if (next < from && after > next) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int decide(ThresholdPolicy policy, int replicas, double load) {
        return ThresholdDecider.target(policy, replicas, load / replicas, ScaleHistory.NONE, Instant.EPOCH);
    }

    @Test
    void slowPoliciesAreToldHowSlowTheyAre() {
        assertThat(PolicyLint.lint(policy(75, 25, 1, 5, 50, 120)))
                .singleElement()
                .extracting(PolicyFinding::message)
                .asString()
                .contains("from 5 to 50 replicas takes 90 min");
    }

    @Test
    void aTargetPolicyThatForgetsAtOnceIsTold() {
        TargetPolicy policy = TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu", 50, true)), 1, 10)
                .with(
                        ScalingRules.upDefaults(),
                        new ScalingRules(Duration.ZERO, List.of(), ScalingRules.Select.MAX, 0));
        assertThat(PolicyLint.lint(policy))
                .extracting(PolicyFinding::key)
                .containsExactly("behavior.scale_down.stabilization_window", "behavior.scale_down.tolerance");
        assertThat(PolicyLint.lint(TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu", 50, true)), 1, 10)))
                .isEmpty();
    }

    /** Three replicas at 73 % are too few for 72 %, and the four that this asks for look 54 % busy: one too many. */
    @Test
    void aToleranceThatRoundingGoesBeyondIsAnError() {
        ScalingRules strict = new ScalingRules(Duration.ofMinutes(5), List.of(), ScalingRules.Select.MAX, 0);
        assertThat(PolicyLint.lint(TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu", 72, true)), 3, 10)
                        .with(strict, strict)))
                .filteredOn(finding -> finding.level() == PolicyFinding.Level.ERROR)
                .singleElement()
                .extracting(PolicyFinding::message)
                .asString()
                .contains("3 replicas at 73 become 4 at 54");
        for (int percent = 20; percent <= 100; percent++) {
            assertThat(PolicyLint.lint(
                            TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu", percent, true)), 1, 50)))
                    .as("%d %%, with the usual tolerance", percent)
                    .isEmpty();
        }
    }

    @Test
    void whatADisabledDirectionForgivesIsToldWhereSelectDoesNothing() {
        ScalingRules strict = new ScalingRules(Duration.ofMinutes(5), List.of(), ScalingRules.Select.MAX, 0);
        ScalingRules never = new ScalingRules(Duration.ofMinutes(5), List.of(), ScalingRules.Select.DISABLED, 0);
        TargetPolicy onlyUp = TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu", 72, true)), 3, 10)
                .with(strict, never);

        assertThat(PolicyLint.lint(onlyUp))
                .extracting(PolicyFinding::key)
                .contains("behavior.scale_down.select")
                .doesNotHaveDuplicates();
        assertThat(PolicyLint.lint(onlyUp)).noneMatch(finding -> finding.level() == PolicyFinding.Level.ERROR);
        assertThat(PolicyLint.lint(onlyUp.asWithoutBehavior()))
                .anyMatch(finding -> finding.level() == PolicyFinding.Level.ERROR)
                .noneMatch(finding -> finding.key().endsWith("select"));
    }
}
