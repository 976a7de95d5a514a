// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.deploy.AnalysisRule;
import dev.hyperion.deploy.AnalysisSpec;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Threshold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ThresholdJudgeTest {
    private static final AnalysisRule SLOW =
            new AnalysisRule("latency.p95", Comparison.GT, Threshold.parse("250 ms"), 3);
    private static final AnalysisSpec SPEC = new AnalysisSpec(
            List.of(SLOW),
            List.of("pager"),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            50,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60));

    private final ThresholdJudge judge = new ThresholdJudge(SPEC, Duration.ofSeconds(30));
    private BakeProgress progress = BakeProgress.NONE;

    private Verdict look(OptionalDouble latency, OptionalLong requests, String... alerts) {
        ThresholdJudge.Judgement judgement = judge.look(
                progress, new Evidence(Map.of(SLOW, latency), requests, List.of(alerts), Duration.ofSeconds(5)));
        progress = judgement.progress();
        return judgement.verdict();
    }

    private Verdict good() {
        return look(OptionalDouble.of(0.1), OptionalLong.of(20));
    }

    private void warmedUp() {
        good();
        good();
    }

    @Test
    void aGoodVersionPassesAfterTheWholeBakeAndEnoughRequests() {
        warmedUp();
        for (int i = 0; i < 5; i++) {
            assertThat(good()).isInstanceOf(Verdict.Undecided.class);
        }
        assertThat(good()).isInstanceOf(Verdict.Pass.class);
        assertThat(progress.samples()).isEqualTo(120);
    }

    @Test
    void aLimitMustBeBrokenInARow() {
        warmedUp();
        OptionalDouble slow = OptionalDouble.of(0.3);
        OptionalLong some = OptionalLong.of(20);
        look(slow, some);
        look(slow, some);
        good();
        look(slow, some);
        assertThat(look(slow, some)).isInstanceOf(Verdict.Undecided.class);
        assertThat(look(slow, some))
                .isEqualTo(new Verdict.Fail("latency.p95 is 300 ms, gt 250 ms for the 3. time in a row"));
    }

    @Test
    void nothingIsHeldAgainstAColdVersion() {
        assertThat(look(OptionalDouble.of(9), OptionalLong.of(1), "pager")).isInstanceOf(Verdict.Undecided.class);
        assertThat(progress.hits()).isEmpty();
    }

    @Test
    void anAlertThatFiresFailsAtOnce() {
        warmedUp();
        assertThat(look(OptionalDouble.of(0.1), OptionalLong.of(20), "pager"))
                .isEqualTo(new Verdict.Fail("alert pager fires"));
    }

    @Test
    void timeWithoutAReadingDoesNotCountAndPeopleDecideInTheEnd() {
        warmedUp();
        Verdict verdict = new Verdict.Undecided("");
        int looks = 0;
        while (verdict instanceof Verdict.Undecided) {
            verdict = look(OptionalDouble.empty(), OptionalLong.of(20));
            looks++;
        }
        assertThat(verdict).isEqualTo(new Verdict.GiveUp("no reading of latency.p95"));
        assertThat(progress.observed()).isEqualTo(Duration.ZERO);
        assertThat(looks).as("bake and extension, in looks of 5 s").isEqualTo(18);
    }

    @Test
    void withoutTrafficNoVersionPasses() {
        warmedUp();
        for (int i = 0; i < 10; i++) {
            assertThat(look(OptionalDouble.of(0.1), OptionalLong.of(0))).isInstanceOf(Verdict.Undecided.class);
        }
    }
}
