// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.decide;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.autoscale.schedule.CronExpression;
import dev.hyperion.autoscale.schedule.Schedule;
import dev.hyperion.autoscale.stage.MetricGuard;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.autoscale.stage.StagedOutcome;
import dev.hyperion.autoscale.stage.Stages;
import dev.hyperion.autoscale.stage.StartAware;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What stands around a decision of a threshold policy costs, stage by stage, and what its record costs. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StageBenchmark {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.125Z");
    private static final int REPLICAS = 8;

    private static final MetricGuard GUARD = new MetricGuard(
            ThresholdPolicy.defaults().metric(),
            Optional.of(Duration.ofSeconds(45)),
            new MetricGuard.OnBadData.Fallback(4, Duration.ofMinutes(5)),
            Optional.of(new MetricGuard.ZeroGuard(5, Duration.ofMinutes(2))));
    private static final Schedule WORKING_HOURS = new Schedule(
            "working-hours",
            CronExpression.parse("0 8 * * 1-5"),
            ZoneId.of("Europe/Berlin"),
            Duration.ofHours(10),
            OptionalInt.of(4),
            OptionalInt.empty());
    private static final ScaleOverride UP_ONLY =
            ScaleOverride.of(ScaleOverride.Kind.UP_ONLY, "ada", "the sale", NOON.plusSeconds(3_600));

    /** Readings that ask for nothing, of eight replicas of which one is starting; the last steps were ten minutes ago. */
    @State(Scope.Thread)
    public static class Seen {
        private static final int MANY = 1_024;

        private final ThresholdPolicy policy = ThresholdPolicy.defaults();
        private final StagedHistory history = new StagedHistory(
                ScaleHistory.NONE.applied(6, 8, NOON.minusSeconds(600)).applied(9, 8, NOON.minusSeconds(600)),
                List.of());
        private final StagedObservation[] observations = new StagedObservation[MANY];
        private final DecisionRecord[] records = new DecisionRecord[MANY];
        private int next;

        /** Makes what there is. */
        public Seen() {
            List<ReplicaFacts> replicas = new ArrayList<>();
            for (int i = 0; i < REPLICAS; i++) {
                Instant started = NOON.minusSeconds(i == 0 ? 20 : 9_999);
                replicas.add(new ReplicaFacts(
                        "r" + i,
                        ReplicaFacts.Phase.RUNNING,
                        Optional.of(started),
                        Optional.of(new ReplicaFacts.Readiness(true, started))));
            }
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < MANY; i++) {
                observations[i] = new StagedObservation(
                        seen(26 + random.nextInt(480) / 10.0), Optional.empty(), Optional.empty(), replicas, List.of());
                records[i] = DecisionRecord.decide(policy, StageSettings.NONE, observations[i], history, NOON);
            }
        }

        private Observation seen(double value) {
            return new Observation(
                    new ApplicationId("shop"),
                    REPLICAS,
                    new MetricInput(
                            policy.metric(),
                            OptionalDouble.of(value),
                            Optional.of(NOON.minusMillis(3)),
                            Optional.of(Duration.ofMillis(3)),
                            "read 3 ms ago, from 1 of 1"),
                    Optional.empty(),
                    Optional.empty());
        }

        private int next() {
            next = (next + 1) & (MANY - 1);
            return next;
        }

        StagedOutcome decide(StageSettings settings) {
            return Stages.decide(policy, settings, observations[next()], history, NOON);
        }
    }

    private static StageSettings with(
            List<MetricGuard> guards,
            List<Schedule> schedules,
            List<ScaleOverride> overrides,
            Optional<StartAware> startAware) {
        return new StageSettings(guards, schedules, overrides, RolloutRule.COUNT_ONCE, startAware);
    }

    /** The settings. */
    @State(Scope.Benchmark)
    public static class Settings {
        private final StageSettings guard = with(List.of(GUARD), List.of(), List.of(), Optional.empty());
        private final StageSettings schedule = with(List.of(), List.of(WORKING_HOURS), List.of(), Optional.empty());
        private final StageSettings override = with(List.of(), List.of(), List.of(UP_ONLY), Optional.empty());
        private final StageSettings startAware =
                with(List.of(), List.of(), List.of(), Optional.of(StartAware.DEFAULTS));
        private final StageSettings all =
                with(List.of(GUARD), List.of(WORKING_HOURS), List.of(UP_ONLY), Optional.of(StartAware.DEFAULTS));
    }

    /** None of them, with the outcome of every stage told all the same. */
    @Benchmark
    public StagedOutcome staged(Seen seen) {
        return seen.decide(StageSettings.NONE);
    }

    /** A guard of the metric. */
    @Benchmark
    public StagedOutcome stagedGuard(Seen seen, Settings settings) {
        return seen.decide(settings.guard);
    }

    /** A schedule that is active. */
    @Benchmark
    public StagedOutcome stagedSchedule(Seen seen, Settings settings) {
        return seen.decide(settings.schedule);
    }

    /** An override that is active. */
    @Benchmark
    public StagedOutcome stagedOverride(Seen seen, Settings settings) {
        return seen.decide(settings.override);
    }

    /** A replica that is starting. */
    @Benchmark
    public StagedOutcome stagedStartAware(Seen seen, Settings settings) {
        return seen.decide(settings.startAware);
    }

    /** All of them. */
    @Benchmark
    public StagedOutcome stagedAll(Seen seen, Settings settings) {
        return seen.decide(settings.all);
    }

    /** The JSON of a record that is made already. */
    @Benchmark
    public String recordJson(Seen seen) {
        return seen.records[seen.next()].toJson();
    }

    /** Deciding, telling why, and writing the record, as each turn of the loop does. */
    @Benchmark
    public String recorded(Seen seen) {
        return DecisionRecord.decide(
                        seen.policy, StageSettings.NONE, seen.observations[seen.next()], seen.history, NOON)
                .toJson();
    }
}
