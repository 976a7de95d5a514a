// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StreamId;
import dev.hyperion.tck.SimulatedCrash;
import dev.hyperion.tck.SimulatedWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills the process at every write and at every step of every action, and starts another one. What is done about the same load
 * must be the same as without the kill.
 */
class RestartTest {
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final int TURNS = 120;

    enum Kind {
        THRESHOLD(Map.of("min_replicas", 2, "max_replicas", 12, "scale_step", 2)),
        TARGET(Map.of(
                "policy",
                "target",
                "min_replicas",
                2,
                "max_replicas",
                12,
                "metrics",
                List.of(Map.of("type", "value", "metric", "cpu.utilization", "target", 60))));

        private final Map<String, ?> settings;

        Kind(Map<String, ?> settings) {
            this.settings = settings;
        }
    }

    /** One world with its loop, and somebody who starts a new process when one was killed. */
    private static final class Run {
        private final Kind kind;
        private final SimulatedWorld world = new SimulatedWorld();
        private final Instant begin = world.time().now();
        private SimulatedWorld.Operator operator = world.operator();
        private final SimulatedFleet fleet = new SimulatedFleet(world.time(), operator);
        private int kills;

        Run(Kind kind) {
            this.kind = kind;
            fleet.deploy(SHOP, 2);
            world.monitoring().answer(query -> utilization());
        }

        /** A day in half an hour: calm, a peak, calm; in steps, so that a turn later the same is to be done. */
        private MetricResult utilization() {
            long minutes = Duration.between(begin, world.time().now()).toMinutes();
            double load = 90 + 400 * Math.exp(-Math.pow((minutes - 9) / 4, 2));
            return world.monitoring().value(load / fleet.desired(SHOP));
        }

        private void start() {
            PolicyAutoScalerProvider provider = new PolicyAutoScalerProvider();
            AutoScalerEngine engine = provider.create(
                    provider.schema().parse(ConfigNode.Mapping.of(kind.settings), "autoscale"), operator);
            operator.deployments(fleet);
            operator.autoScaler(SHOP, engine.of(SHOP).orElseThrow());
            engine.start();
        }

        Run through(Consumer<Run> plan) {
            start();
            plan.accept(this);
            Instant end = begin.plus(INTERVAL.multipliedBy(TURNS));
            while (world.time().now().isBefore(end)) {
                try {
                    world.time().advance(Duration.between(world.time().now(), end));
                } catch (SimulatedCrash crash) {
                    kills++;
                    operator.kill();
                    operator = world.operator();
                    fleet.operator(operator);
                    start();
                }
            }
            return this;
        }

        void pause() {
            operator.autoScaler(SHOP)
                    .orElseThrow()
                    .override(ScaleOverride.of(
                            ScaleOverride.Kind.PAUSE, "ada", "a sale", begin.plus(Duration.ofMinutes(9))));
        }

        /** How often the end of an override was taken down. */
        long ends() {
            try (Stream<JournalEvent> events = world.store().read(new StreamId("autoscale/shop"), 1)) {
                return events.filter(event -> event.type().equals(ScaleJournal.OVERRIDE_EXPIRED))
                        .count();
            }
        }

        List<Integer> targets() {
            return fleet.actions().stream().map(SimulatedFleet.Action::replicas).toList();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aKillAtAnyWriteChangesNoneOfTheActions(Kind kind) {
        Run reference = new Run(kind).through(run -> {});
        long writes = reference.world.store().appends();
        assertThat(reference.targets()).hasSizeGreaterThan(3);
        for (int write = 1; write <= writes; write++) {
            for (boolean after : new boolean[] {false, true}) {
                int nth = write;
                Run killed = new Run(kind).through(run -> run.world.store().crashAt(nth, after));
                check(reference, killed, kind + ", killed " + (after ? "after" : "before") + " write " + write);
            }
        }
    }

    /** The pause ends within the peak; the entry about its end is one of the writes. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void norDoesAKillAtAnyWriteWhileAnOverrideIsInForceOrEnds(Kind kind) {
        Run reference = new Run(kind).through(Run::pause);
        assertThat(reference.targets())
                .isNotEqualTo(new Run(kind).through(run -> {}).targets());
        long writes = reference.world.store().appends() - 1;
        for (int write = 1; write <= writes; write++) {
            int nth = write;
            boolean after = write % 2 == 0;
            Run killed = new Run(kind).through(run -> {
                run.pause();
                run.world.store().crashAt(nth, after);
            });
            check(reference, killed, kind + ", killed " + (after ? "after" : "before") + " write " + write);
            assertThat(killed.ends()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aKillAtAnyStepOfAnyActionChangesNoneOfTheActions(Kind kind) {
        Run reference = new Run(kind).through(run -> {});
        for (SimulatedFleet.CrashPoint point : SimulatedFleet.CrashPoint.values()) {
            for (int action = 1; action <= reference.targets().size(); action++) {
                int nth = action;
                Run killed = new Run(kind).through(run -> run.fleet.crash(point, nth));
                check(reference, killed, kind + ", killed " + point + " of action " + action);
            }
        }
    }

    private static void check(Run reference, Run killed, String what) {
        assertThat(killed.kills).as(what).isOne();
        assertThat(killed.targets()).as(what).isEqualTo(reference.targets());
        for (int i = 0; i < killed.targets().size(); i++) {
            Instant expected = reference.fleet.actions().get(i).at();
            // a turn whose decision was lost is made up for by the next one
            assertThat(killed.fleet.actions().get(i).at())
                    .as("action %d, %s", i, what)
                    .isBetween(expected, expected.plus(INTERVAL.multipliedBy(2)));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyTurnLeavesARecordThatIsDecidedAgainToTheSameBytes(Kind kind) {
        Run run = new Run(kind).through(each -> {});
        List<String> records = new ArrayList<>();
        try (Stream<JournalEvent> ticks = run.world.store().read(TickJournal.STREAM, 1)) {
            ticks.forEach(event -> {
                String data = event.data();
                records.add(data.substring(data.indexOf("\"record\":") + 9, data.length() - 1));
            });
        }
        assertThat(records.size() + run.targets().size()).isEqualTo(TURNS);
        assertThat(records)
                .allSatisfy(record ->
                        assertThat(DecisionRecord.replay(record).toJson()).isEqualTo(record));
    }
}
