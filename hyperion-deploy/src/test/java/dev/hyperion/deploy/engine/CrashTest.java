// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import static dev.hyperion.deploy.engine.Operations.SHOP;
import static dev.hyperion.deploy.engine.Operations.V1;
import static dev.hyperion.deploy.engine.Operations.V2;
import static dev.hyperion.deploy.engine.Operations.spec;
import static dev.hyperion.deploy.engine.Operations.tenPercent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.HyperionException;
import dev.hyperion.Version;
import dev.hyperion.deploy.CanarySpec;
import dev.hyperion.deploy.DeploymentRecord;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.VersionStatus;
import dev.hyperion.deploy.journal.ApplicationJournal;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.Weighted;
import dev.hyperion.tck.Faults;
import dev.hyperion.tck.SimulatedCrash;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever is killed or fails, and whenever: the end is fully new, fully old or held, and somebody always serves. */
class CrashTest {
    private static final long SEED = Long.getLong("hyperion.test.seed", new Random().nextLong());
    private static final int RANDOM_RUNS = 600;

    @Test
    void anOperatorKilledAtAnyEntryOfTheJournalLeavesNothingHalfDone() {
        Set<RolloutState> ends = new HashSet<>();
        for (boolean bad : new boolean[] {false, true}) {
            for (boolean after : new boolean[] {false, true}) {
                for (int entry = 1; entry <= 40; entry++) {
                    ends.add(killedAt(entry, after, bad));
                }
            }
        }
        assertThat(ends).contains(RolloutState.SUCCEEDED, RolloutState.ROLLED_BACK);
    }

    private static RolloutState killedAt(int entry, boolean after, boolean bad) {
        Operations ops = new Operations();
        ops.deployed();
        ops.latency(bad ? 0.9 : 0.1);
        String story = "killed " + (after ? "after" : "before") + " entry " + entry + (bad ? ", bad version" : "");
        ops.world.store().crashAt(entry, after);
        try {
            ops.apply(spec(V2).canary(tenPercent()).build());
        } catch (SimulatedCrash e) {
            ops.restart();
        }
        run(ops, story, 75 * 60);
        return end(ops, story);
    }

    @Test
    void randomFaultsAndKillsEndFullyNewFullyOldOrHeld() {
        for (int run = 0; run < RANDOM_RUNS; run++) {
            Random random = new Random(SEED + run);
            String story = "seed " + SEED + " run " + run;
            Operations ops = new Operations();
            ops.deployed();
            ops.latency(random.nextInt(3) == 0 ? 0.9 : 0.1);
            if (random.nextInt(10) == 0) {
                ops.world.backend().crashing(V2);
            }
            if (random.nextInt(10) == 0) {
                ops.world.backend().neverReady(V2);
            }
            plan(ops, random);
            try {
                ops.apply(spec(V2).canary(random.nextBoolean() ? tenPercent() : quick())
                        .build());
            } catch (SimulatedCrash e) {
                ops.restart();
            } catch (HyperionException e) {
                continue; // refused, nothing was changed
            }
            run(ops, story, 75 * 60);
            end(ops, story);
        }
    }

    private static CanarySpec quick() {
        CanarySpec slow = tenPercent();
        return new CanarySpec(List.of(5.0, 50.0), Duration.ofSeconds(30), slow.analysis());
    }

    private static void plan(Operations ops, Random random) {
        Faults.Kind[] kinds = Faults.Kind.values();
        for (String operation : List.of("prepare", "observe", "ensure", "drain", "retire")) {
            for (int i = random.nextInt(3); i > 0; i--) {
                ops.world.backend().faults().plan(operation, kinds[random.nextInt(kinds.length)], 1);
            }
        }
        for (String operation : List.of("observe", "apply")) {
            for (int i = random.nextInt(3); i > 0; i--) {
                ops.world.router().faults().plan(operation, kinds[random.nextInt(kinds.length)], 1);
            }
        }
        if (random.nextBoolean()) {
            ops.world.store().crashAt(1 + random.nextInt(30), random.nextBoolean());
        }
    }

    /** Lets time pass, replaces killed operators, and looks at the traffic at each moment. */
    private static void run(Operations ops, String story, int seconds) {
        int passed = 0;
        while (passed < seconds) {
            try {
                ops.pass(passed < 300 ? 1 : 30);
                passed += passed < 300 ? 1 : 30;
            } catch (SimulatedCrash e) {
                revive(ops);
            }
            requireServing(ops, story);
        }
    }

    private static void revive(Operations ops) {
        while (true) {
            try {
                ops.restart();
                return;
            } catch (SimulatedCrash e) {
                // killed while starting; the next one follows
            }
        }
    }

    /** Traffic always goes to replicas that exist and are ready, and never to none. */
    private static void requireServing(Operations ops, String story) {
        Map<Version, Weighted> table = ops.world.router().table(SHOP);
        assertThat(table.values().stream().mapToInt(Weighted::weight).sum())
                .as("%s: shares", story)
                .isEqualTo(10_000);
        Set<Endpoint> alive = new HashSet<>();
        ops.world
                .backend()
                .look(SHOP)
                .groups()
                .forEach(group ->
                        group.replicas().forEach(replica -> replica.endpoint().ifPresent(alive::add)));
        table.forEach((version, weighted) -> {
            List<Endpoint> targets = ((RouteTarget.Endpoints) weighted.target()).all();
            assertThat(targets).as("%s: targets of %s", story, version).isNotEmpty();
            assertThat(alive).as("%s: replicas of %s", story, version).containsAll(targets);
        });
    }

    private static RolloutState end(Operations ops, String story) {
        DeploymentStatus status = ops.manager().status(SHOP);
        List<DeploymentRecord> history = ops.manager().history(SHOP);
        RolloutState state = history.get(history.size() - 1).state();
        if (history.size() == 1) {
            state = RolloutState.ROLLED_BACK; // killed before the rollout was in the journal: nothing has happened
        }
        assertThat(state.isOver()).as("%s: %s", story, status).isTrue();
        if (state != RolloutState.HELD) {
            Version serving = state == RolloutState.SUCCEEDED ? V2 : V1;
            assertThat(ops.world.router().table(SHOP).keySet()).as(story).containsExactly(serving);
            assertThat(status.versions())
                    .as(story)
                    .extracting(VersionStatus::version)
                    .containsExactly(serving);
            assertThat(status.activeReplicas()).as(story).isEqualTo(4);
        }
        ApplicationJournal.verify(SHOP, ops.world.store());
        return state;
    }
}
