// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.autoscale.SimulationSettings;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.schedule.CronExpression;
import dev.hyperion.autoscale.schedule.Schedule;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorTest {
    private static final SimulationSettings TEN_EACH = new SimulationSettings(10, Duration.ofSeconds(60), 1);

    private static LoadTrace trace(String... rows) throws IOException {
        String text = "timestamp,value\n" + String.join("\n", rows) + "\n";
        return LoadTrace.read("load.csv", new BufferedReader(new StringReader(text)));
    }

    private static LoadTrace real(String name) throws URISyntaxException {
        return LoadTrace.read(Path.of(Objects.requireNonNull(SimulatorTest.class.getResource("/traces/" + name))
                .toURI()));
    }

    private static ThresholdPolicy threshold(int step, int max) {
        return new ThresholdPolicy(
                "cpu.utilization",
                75,
                25,
                step,
                1,
                max,
                Duration.ofSeconds(120),
                Duration.ofSeconds(300),
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.empty());
    }

    private static TargetPolicy target(int max) {
        return TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu.utilization", 50, true)), 1, max);
    }

    @Test
    void countsOverloadUntilNewReplicasAreReady() throws IOException {
        // 25 asked, 10 carried: up by one each 120 s, ready 60 s later; with three, 25 of 30 is still above 75 %
        SimulationResult result =
                Simulator.run(threshold(1, 10), trace("2026-01-01 00:00:00,25", "2026-01-01 00:10:00,25"), TEN_EACH);

        assertThat(result.overload()).isEqualTo(Duration.ofSeconds(180)); // the third is asked for at 120 s
        assertThat(result.timeToCapacity()).isEqualTo(Duration.ofSeconds(180));
        assertThat(result.mostReplicas()).isEqualTo(4);
        assertThat(result.scaleUps()).isEqualTo(3);
        assertThat(result.ticks()).isEqualTo(1_200 / 15);
    }

    @Test
    void replicaMinutesAreWhatWasAskedForOverTime() throws IOException {
        SimulationResult result =
                Simulator.run(threshold(1, 10), trace("2026-01-01 00:00:00,5", "2026-01-01 00:10:00,5"), TEN_EACH);

        assertThat(result.replicaMinutes()).isEqualTo(20);
        assertThat(result.scaleUps() + result.scaleDowns()).isZero();
    }

    @Test
    void inAGapOfTheTraceNothingIsRemoved() throws IOException {
        SimulationResult result = Simulator.run(
                threshold(1, 10),
                trace(
                        "2026-01-01 00:00:00,35",
                        "2026-01-01 00:10:00,35",
                        "2026-01-01 00:20:00,35",
                        "2026-01-01 03:00:00,35"),
                TEN_EACH);

        assertThat(result.scaleDowns()).isZero();
        assertThat(result.notes()).singleElement().asString().startsWith("load.csv:5: a gap of 9000 s");
    }

    @Test
    void theSameInputsGiveTheSameResult() throws URISyntaxException {
        LoadTrace elb = real("elb_request_count_8c0756.csv");
        assertThat(Simulator.run(target(20), elb, TEN_EACH)).isEqualTo(Simulator.run(target(20), elb, TEN_EACH));
    }

    @Test
    void aStepTooLargeForItsLowerBoundRemovesMoreThanItMay() throws URISyntaxException {
        LoadTrace taxi = real("nyc_taxi.csv");
        SimulationSettings settings = new SimulationSettings(taxi.peak() / 20, Duration.ofSeconds(60), 5);

        SimulationResult one = Simulator.run(threshold(1, 40), taxi, settings);
        SimulationResult five = Simulator.run(threshold(5, 40), taxi, settings);

        // 5 is more than 1 × (75 / 25 − 1): at night it goes from six to one, and is overloaded until five come back
        assertThat(one.overload()).isLessThan(Duration.ofHours(6));
        assertThat(five.overload()).isGreaterThan(Duration.ofHours(24));
        assertThat(five.reversals()).isGreaterThan(one.reversals());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2026-01-01 00:00:00,x; load.csv:2: value 'x' is no number",
                "2026-01-01 00:00:00,-1; load.csv:2: value '-1' is no load",
                "2026-01-01 00:00:00,NaN; load.csv:2: value 'NaN' is no load",
                "yesterday,1; load.csv:2: timestamp 'yesterday' is no time",
                "2026-01-01 00:00:00; load.csv:2: '2026-01-01 00:00:00' has not two columns",
                "2026-01-01 00:00:00,1; load.csv has 1 rows"
            })
    void aRowThatCannotBeReadIsNamed(String row, String message) {
        assertThatThrownBy(() -> trace(row))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aTimeThatIsThereTwiceIsNamed() {
        assertThatThrownBy(() -> trace("2026-01-01 00:00:00,1", "2026-01-01 00:00:00,2"))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("load.csv:3: 2026-01-01 00:00:00 is there twice");
    }

    @Test
    void aScheduleTakesPartInASimulation() {
        StageSettings stages = new StageSettings(
                List.of(),
                List.of(new Schedule(
                        "morning",
                        CronExpression.parse("5 0 * * *"),
                        ZoneOffset.UTC,
                        Duration.ofMinutes(10),
                        OptionalInt.of(6),
                        OptionalInt.empty())),
                List.of(),
                RolloutRule.HOLD,
                Optional.empty());
        SimulationRequest request = new SimulationRequest(
                "load.csv",
                "timestamp,value\n2026-01-01 00:00:00,5\n2026-01-01 00:20:00,5\n",
                OptionalDouble.of(10),
                Duration.ofSeconds(30),
                OptionalInt.of(1));

        SimulationResult result = Simulator.run(threshold(1, 10), stages, request);

        assertThat(result.mostReplicas()).isEqualTo(6);
        assertThat(result.course().get(0).replicas()).isEqualTo(1);
        assertThat(result.settings().initialReplicas()).isEqualTo(1);
        assertThat(Simulator.run(threshold(1, 10), StageSettings.NONE, request).mostReplicas())
                .isEqualTo(1);
    }

    @Test
    void whatTheTraceDoesNotTellIsAssumedAndSaid() {
        SimulationRequest request = new SimulationRequest(
                "load.csv",
                "timestamp,value\n2026-01-01 00:00:00,50\n2026-01-01 00:20:00,100\n",
                OptionalDouble.empty(),
                Duration.ofSeconds(30),
                OptionalInt.empty());
        TargetPolicy policy = TargetPolicy.of(
                List.of(
                        new TargetMetric.ValuePerReplica("latency.rate", 8_000),
                        new TargetMetric.Value("latency.p95", 250)),
                2,
                20);

        SimulationResult result = Simulator.run(policy, StageSettings.NONE, request);

        assertThat(result.settings()).isEqualTo(new SimulationSettings(5, Duration.ofSeconds(30), 2));
        assertThat(result.notes())
                .containsExactly(
                        "what one replica carries was not said; assumed are 5.00000, so that max_replicas 20 just carry"
                                + " the peak of 100.000",
                        "latency.rate is taken as the trace itself, in its unit",
                        "latency.p95 is taken as the utilization of the ready replicas, in percent");
        assertThat(result.mostReplicas()).isEqualTo(20);
    }

    @Test
    void everyKindOfMetricEndsAtTheSameNumberOfReplicas() throws IOException {
        LoadTrace steady = trace("2026-01-01 00:00:00,35", "2026-01-01 01:00:00,35");
        List<TargetMetric> kinds = List.of(
                new TargetMetric.Utilization("cpu.utilization", 50, true),
                new TargetMetric.PerReplica("cpu.utilization", 50_000, true),
                new TargetMetric.Value("cpu.utilization", 50_000),
                new TargetMetric.ValuePerReplica("requests", 5_000));

        for (TargetMetric kind : kinds) {
            SimulationResult result = Simulator.run(TargetPolicy.of(List.of(kind), 1, 20), steady, TEN_EACH);

            assertThat(result.course().get(result.course().size() - 1).replicas())
                    .as("%s", kind)
                    .isEqualTo(7);
        }
    }

    @Test
    void aTraceThatGoesOnForTooLongIsRefused() {
        SimulationRequest request = new SimulationRequest(
                "load.csv",
                "timestamp,value\n1970-01-01 00:00:00,50\n2026-01-01 00:00:00,100\n",
                OptionalDouble.empty(),
                Duration.ofSeconds(30),
                OptionalInt.empty());

        assertThatThrownBy(() -> Simulator.run(threshold(1, 10), StageSettings.NONE, request))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("load.csv is ")
                .hasMessageContaining("expected at most 5000000");
    }
}
