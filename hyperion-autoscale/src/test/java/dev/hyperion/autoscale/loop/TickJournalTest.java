// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.tck.SimulatedWorld;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TickJournalTest {
    private final SimulatedWorld world = new SimulatedWorld();
    private SimulatedWorld.Operator operator = world.operator();
    private TickJournal journal = new TickJournal(operator);

    private static TickJournal.Tick tick(int application, long round) {
        return new TickJournal.Tick(
                new ApplicationId("app-" + application), round, "{\"round\":" + round + ",\"deep\":{\"a\":[1,\"}\"]}}");
    }

    private void restart() {
        operator.kill();
        operator = world.operator();
        journal = new TickJournal(operator);
    }

    @Test
    void theNewestOfEachApplicationSurvivesARestart() {
        for (long round = 1; round <= 3; round++) {
            journal.append(List.of(tick(1, round), tick(2, round * 10)));
        }
        restart();
        assertThat(journal.newest(new ApplicationId("app-1"))).contains(tick(1, 3));
        assertThat(journal.newest(new ApplicationId("app-2"))).contains(tick(2, 30));
        assertThat(journal.newest(new ApplicationId("app-3"))).isEmpty();
    }

    @Test
    void aRoundOfManyApplicationsIsOneWrite() {
        journal.append(IntStream.range(0, 500).mapToObj(i -> tick(i, 1)).toList());
        assertThat(world.store().appends()).isOne();
    }

    @Test
    void theJournalIsBoundedAndNothingThatIsNeededIsForgotten() {
        for (long round = 1; round <= 120; round++) {
            long now = round;
            journal.append(IntStream.range(0, 500).mapToObj(i -> tick(i, now)).toList());
        }
        List<Long> kept;
        try (Stream<JournalEvent> events = world.store().read(TickJournal.STREAM, 1)) {
            kept = events.map(JournalEvent::seq).toList();
        }
        assertThat(kept).hasSizeBetween(20_000, 26_000).endsWith(60_000L);
        restart();
        for (int i = 0; i < 500; i++) {
            assertThat(journal.newest(new ApplicationId("app-" + i))).contains(tick(i, 120));
        }
        journal.append(List.of(tick(1, 121)));
    }

    @Test
    void whatAnotherProcessWroteIsFoundAfterARefusal() {
        journal.append(List.of(tick(1, 1)));
        TickJournal old = journal;
        SimulatedWorld.Operator successor = world.operator();
        TickJournal next = new TickJournal(successor);
        next.append(List.of(tick(1, 2)));
        assertThatThrownBy(() -> old.append(List.of(tick(1, 3)))).isInstanceOf(HyperionException.class);
        assertThat(next.newest(new ApplicationId("app-1"))).contains(tick(1, 2));
        assertThat(old.newest(new ApplicationId("app-1"))).contains(tick(1, 2));
    }
}
