// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.ApplicationId;
import dev.hyperion.tck.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Duration BEAT = Duration.ofSeconds(1);

    private static final Function<ApplicationId, Optional<Instant>> NEVER = application -> Optional.empty();

    private final VirtualTime time = new VirtualTime();
    private final Map<ApplicationId, Integer> taken = new HashMap<>();
    private final Map<ApplicationId, Long> missed = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private final Set<ApplicationId> slow = new HashSet<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private boolean workersAreFree = true;
    private long latest;

    private final Rounds rounds = new Rounds(time, this::execute, new Rounds.Turns() {
        @Override
        public void take(List<Rounds.Turn> batch) {
            for (Rounds.Turn turn : batch) {
                latest = Math.max(latest, turn.begin());
                taken.merge(turn.application(), 1, Integer::sum);
                if (slow.contains(turn.application())) {
                    time.advance(Duration.ofSeconds(5));
                }
                turn.end();
            }
        }

        @Override
        public void missed(ApplicationId application, long turns, String because) {
            missed.merge(application, turns, Long::sum);
            told.add(because);
        }
    });

    private void execute(Runnable task) {
        if (workersAreFree) {
            task.run();
        } else {
            work.add(task);
        }
    }

    private static Map<ApplicationId, Duration> applications(int count) {
        Map<ApplicationId, Duration> intervals = new HashMap<>();
        IntStream.range(0, count).forEach(i -> intervals.put(new ApplicationId("app-" + i), INTERVAL));
        return intervals;
    }

    private void beats(int seconds) {
        for (int i = 0; i < seconds; i++) {
            time.advance(BEAT);
            rounds.beat();
        }
    }

    @Test
    void eachApplicationHasOneTurnInEachInterval() {
        rounds.settle(applications(1_000), NEVER);
        beats(150);
        assertThat(taken).hasSize(1_000);
        assertThat(taken.values()).allMatch(turns -> turns == 10);
        assertThat(missed).isEmpty();
        assertThat(latest).isLessThanOrEqualTo(BEAT.toNanos());
    }

    @Test
    void turnsAreSpreadOverTheInterval() {
        rounds.settle(applications(1_500), NEVER);
        int before = 0;
        for (int second = 0; second < 15; second++) {
            beats(1);
            int all = taken.values().stream().mapToInt(Integer::intValue).sum();
            assertThat(all - before).as("turns in second %d", second).isBetween(60, 140);
            before = all;
        }
    }

    @Test
    void aRestartMovesNobody() {
        rounds.settle(applications(1), NEVER);
        beats(15);
        Rounds again = new Rounds(time, Runnable::run, new Rounds.Turns() {
            @Override
            public void take(List<Rounds.Turn> batch) {
                told.add("restarted");
            }

            @Override
            public void missed(ApplicationId application, long turns, String because) {}
        });
        time.advance(Duration.ofSeconds(4));
        again.settle(applications(1), NEVER);
        int before = taken.values().iterator().next();
        for (int i = 0; i < 30; i++) {
            time.advance(BEAT);
            rounds.beat();
            again.beat();
            assertThat(told.size()).isEqualTo(taken.values().iterator().next() - before);
        }
    }

    @Test
    void aTurnThatAnotherProcessTookWithItIsMadeUpForAtOnce() {
        Instant longAgo = time.now().minus(INTERVAL);
        rounds.settle(applications(50), application -> Optional.of(longAgo));
        beats(4); // a quarter of the interval
        assertThat(taken).hasSize(50);
        beats(45);
        assertThat(taken.values()).allMatch(turns -> turns == 4 || turns == 5);
        assertThat(missed).isEmpty();
    }

    @Test
    void aTurnThatComesBeforeTheLastOneIsOverIsMissedAndTold() {
        workersAreFree = false;
        rounds.settle(applications(1), NEVER);
        beats(15);
        assertThat(work).hasSize(1);
        assertThat(missed).isEmpty();
        beats(45);
        assertThat(missed.values()).containsExactly(3L);
        assertThat(told).allSatisfy(each -> assertThat(each).startsWith("the turn before is not over after"));

        work.forEach(Runnable::run);
        workersAreFree = true;
        beats(15);
        assertThat(taken.values()).containsExactly(2);
        assertThat(missed.values()).containsExactly(3L);
    }

    @Test
    void whatAStandstillSkippedIsMissedAndNotMadeUpFor() {
        rounds.settle(applications(1), NEVER);
        beats(15);
        time.advance(Duration.ofSeconds(60));
        rounds.beat();
        assertThat(taken.values()).containsExactly(2);
        assertThat(missed.values()).containsExactly(3L);
        assertThat(told).singleElement().asString().startsWith("nothing ran here for");
    }

    @Test
    void aSlowApplicationIsInNobodysWayAfterItsFirstTurn() {
        Map<ApplicationId, Duration> all = applications(100);
        rounds.settle(all, NEVER);
        ApplicationId one = new ApplicationId("app-7");
        slow.add(one);
        beats(15);
        workersAreFree = false;
        int others = taken.entrySet().stream()
                .filter(each -> !each.getKey().equals(one))
                .mapToInt(Map.Entry::getValue)
                .sum();
        beats(15);
        Deque<Runnable> waiting = new ArrayDeque<>(work);
        assertThat(waiting).hasSizeGreaterThan(1);
        slow.clear();
        // whoever is hired first works off everybody but the slow one
        waiting.pollFirst().run();
        waiting.pollLast().run();
        assertThat(taken.entrySet().stream()
                        .filter(each -> !each.getKey().equals(one))
                        .mapToInt(Map.Entry::getValue)
                        .sum())
                .isEqualTo(others + 99);
    }

    @Test
    void whenNobodyTakesTheWorkItWaitsForTheNextBeat() {
        boolean[] full = {true};
        List<ApplicationId> begun = new ArrayList<>();
        Rounds crowded = new Rounds(
                time,
                task -> {
                    if (full[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                },
                new Rounds.Turns() {
                    @Override
                    public void take(List<Rounds.Turn> batch) {
                        batch.forEach(turn -> begun.add(turn.application()));
                    }

                    @Override
                    public void missed(ApplicationId application, long turns, String because) {
                        told.add(because);
                    }
                });
        crowded.settle(applications(10), NEVER);
        time.advance(INTERVAL.minus(BEAT));
        crowded.beat();
        assertThat(begun).isEmpty();
        full[0] = false;
        time.advance(BEAT);
        crowded.beat();
        assertThat(begun).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(10);
        assertThat(told).isEmpty();
    }

    @Test
    void whoIsGoneHasNoTurnAndWhoIsNewHasOneWithinItsInterval() {
        rounds.settle(applications(2), NEVER);
        beats(15);
        Map<ApplicationId, Duration> other = Map.of(new ApplicationId("new"), Duration.ofSeconds(5));
        rounds.settle(other, NEVER);
        beats(15);
        assertThat(taken)
                .containsEntry(new ApplicationId("app-0"), 1)
                .containsEntry(new ApplicationId("app-1"), 1)
                .containsEntry(new ApplicationId("new"), 3);
    }
}
