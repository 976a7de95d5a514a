// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertRuleTest {
    private static AlertRule.Builder rule() {
        return AlertRule.when("slow", "latency.p95", Comparison.GT, "250 ms");
    }

    @Test
    void whatIsOutOfRangeIsRefusedWithTheNameOfTheRule() {
        assertThatThrownBy(() -> rule().hits(0).build())
                .isInstanceOf(HyperionException.class)
                .hasMessage("alert slow wants 0 hits; expected 1 or more");
        assertThatThrownBy(() -> rule().lasting(Duration.ofSeconds(-1)).build())
                .hasMessage("alert slow lasts PT-1S; expected zero or more");
        assertThatThrownBy(() -> rule().keepFiringFor(Duration.ofSeconds(-1)).build())
                .hasMessageContaining("keeps firing for PT-1S");
        assertThatThrownBy(() -> rule().window(Duration.ZERO).build()).hasMessageContaining("expected more than zero");
        assertThatThrownBy(() -> rule().blockFor(Duration.ZERO).build()).hasMessageContaining("blocks for PT0S");
        assertThatThrownBy(
                        () -> AlertRule.when(" ", "latency", Comparison.GT, "1").build())
                .hasMessageContaining("needs a name");
    }

    @ParameterizedTest
    @CsvSource({
        "GT, 250 ms, 300 ms, the threshold or less",
        "GE, 75, 75.1, the threshold or less",
        "LT, 10 %, 5 %, the threshold or more",
        "LE, 10, 9, the threshold or more",
        "EQ, 1, 1, no clear threshold with eq",
        "GT, 250 ms, 200 MiB, both must measure the same",
        "GT, 5 errors/min, 4, both must measure the same",
    })
    void aClearThresholdOnTheWrongSideOrOfAnotherKindIsRefused(
            Comparison comparison, String threshold, String clear, String why) {
        assertThatThrownBy(() -> AlertRule.when("slow", "m", comparison, threshold)
                        .clearThreshold(clear)
                        .build())
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aClearThresholdMayBeWrittenInAnotherUnitOfTheSameKind() {
        assertThat(rule().clearThreshold("0.2 s").build().clearThreshold()).contains(new Threshold(0.2, "s"));
    }

    @Test
    void aLabelCannotBeBothGivenAndKeptBy() {
        assertThatThrownBy(() -> rule().by(Set.of("client"))
                        .labels(Map.of("client", "all"))
                        .build())
                .hasMessageContaining("label client");
    }

    @Test
    void aRatioAsksTwoQuestionsOverTheSameWindowByTheSameLabels() {
        AlertRule rule = AlertRule.when("errors", "error{kind=\"a / b\"}.rate / latency.rate", Comparison.GT, "5 %")
                .by(Set.of("version"))
                .window(Duration.ofSeconds(30))
                .build();

        MetricQuery dividend = rule.query(Duration.ofSeconds(60));
        MetricQuery divisor = rule.divisor(Duration.ofSeconds(60)).orElseThrow();

        assertThat(dividend.address()).isEqualTo("error{kind=\"a / b\"}.rate");
        assertThat(divisor.address()).isEqualTo("latency.rate");
        assertThat(divisor.window()).isEqualTo(dividend.window()).isEqualTo(Duration.ofSeconds(30));
        assertThat(divisor.by()).isEqualTo(dividend.by()).containsExactly("version");
    }

    @Test
    void aSlashWithinANameDividesNothingAndTwoDivisionsAreRefused() {
        assertThat(AlertRule.when("jobs", "jobs/done.rate", Comparison.GT, "1")
                        .build()
                        .divisor(Duration.ofSeconds(60)))
                .isEqualTo(Optional.empty());
        assertThatThrownBy(() ->
                        AlertRule.when("odd", "a / b / c", Comparison.GT, "1").build())
                .hasMessageContaining("divides more than once");
        assertThatThrownBy(
                        () -> AlertRule.when("odd", "a / ", Comparison.GT, "1").build())
                .hasMessageContaining("address is empty");
    }
}
