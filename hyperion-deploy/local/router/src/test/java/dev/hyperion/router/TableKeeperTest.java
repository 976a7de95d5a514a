// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableKeeperTest {
    private static final Map<String, Share> ONE = Map.of("1.0", new Share(10_000, List.of(new Target("127.0.0.1", 1))));
    private static final Map<String, Share> TWO = Map.of("2.0", new Share(10_000, List.of(new Target("::1", 2))));
    private static final OptionalLong WHATEVER = OptionalLong.empty();

    @TempDir
    Path temp;

    private StateFolder folder;
    private Dispatcher dispatcher;
    private TableKeeper keeper;

    @BeforeEach
    void open() throws Exception {
        folder = StateFolder.open(temp);
        dispatcher = new Dispatcher("start", System::nanoTime);
        keeper = new TableKeeper(folder, dispatcher);
    }

    @AfterEach
    void close() throws IOException {
        folder.close();
    }

    @Test
    void aTableIsReplacedWhenTheAskerSawThePresentGeneration() throws IOException {
        assertThat(keeper.replace(OptionalLong.of(0), 1, "p", "s1", ONE)).isInstanceOf(TableAnswer.Applied.class);
        assertThat(keeper.replace(OptionalLong.of(0), 1, "p", "s2", TWO)).isEqualTo(new TableAnswer.Conflict(1));
        assertThat(dispatcher.view().table().shares()).isEqualTo(ONE);
        assertThat(keeper.replace(OptionalLong.of(1), 1, "p", "s2", TWO)).isInstanceOf(TableAnswer.Applied.class);
        assertThat(dispatcher.view().table().generation()).isEqualTo(2);
    }

    @Test
    void theSameRequestAgainChangesNothingEvenWithTheOldGeneration() throws IOException {
        keeper.replace(OptionalLong.of(0), 1, "p", "s1", ONE);

        TableAnswer again = keeper.replace(OptionalLong.of(0), 1, "p", "s1", ONE);

        assertThat(again).isEqualTo(new TableAnswer.Applied(keeper.table()));
        assertThat(keeper.table().generation()).isEqualTo(1);
        assertThat(keeper.table().changed()).as("as the first answer said").isTrue();
    }

    @Test
    void theSameTableForAnotherStepKeepsItsGenerationAndIsThatStepsFromThenOn() throws IOException {
        keeper.replace(OptionalLong.of(0), 1, "p", "s1", ONE);

        TableAnswer answer = keeper.replace(OptionalLong.of(1), 1, "p", "s2", ONE);

        assertThat(answer).isEqualTo(new TableAnswer.Applied(new RouteTable(1, 1, "p", "s2", false, ONE)));
        assertThat(keeper.table().stepId()).isEqualTo("s2");
    }

    @Test
    void theSameStepWithAnotherTableIsAnotherRequest() throws IOException {
        keeper.replace(WHATEVER, 1, "p", "s1", ONE);

        assertThat(keeper.replace(OptionalLong.of(0), 1, "p", "s1", TWO)).isEqualTo(new TableAnswer.Conflict(1));
    }

    @Test
    void aLowerEpochIsFencedAlsoAfterARestart() throws Exception {
        keeper.replace(WHATEVER, 5, "p", "s1", ONE);
        assertThat(keeper.replace(WHATEVER, 4, "p", "s2", TWO)).isEqualTo(new TableAnswer.Fenced(5));

        restart();

        assertThat(keeper.replace(WHATEVER, 4, "p", "s2", TWO)).isEqualTo(new TableAnswer.Fenced(5));
        assertThat(keeper.replace(WHATEVER, 4, "p", "s1", ONE)).isEqualTo(new TableAnswer.Fenced(5));
    }

    @Test
    void aNewOperatorThatRepeatsTheStepShutsTheOldOneOut() throws Exception {
        keeper.replace(OptionalLong.of(0), 5, "p", "s1", ONE);

        assertThat(keeper.replace(OptionalLong.of(0), 6, "p", "s1", ONE))
                .isEqualTo(new TableAnswer.Applied(new RouteTable(1, 6, "p", "s1", true, ONE)));
        restart();
        assertThat(keeper.replace(WHATEVER, 5, "p", "s2", TWO)).isEqualTo(new TableAnswer.Fenced(6));
    }

    @Test
    void aNewOperatorShutsTheOldOneOutAlsoWhenItsFirstRequestConflicts() throws Exception {
        keeper.replace(WHATEVER, 5, "p", "s1", ONE);

        assertThat(keeper.replace(OptionalLong.of(0), 6, "q", "s1", TWO)).isEqualTo(new TableAnswer.Conflict(1));
        restart();
        assertThat(keeper.replace(WHATEVER, 5, "p", "s2", TWO)).isEqualTo(new TableAnswer.Fenced(6));
        assertThat(keeper.table().shares()).isEqualTo(ONE);
    }

    @Test
    void theTableIsInForceAfterARestart() throws Exception {
        keeper.replace(WHATEVER, 5, "p", "s1", TWO);
        RouteTable before = keeper.table();

        restart();

        assertThat(keeper.table()).isEqualTo(before);
        assertThat(dispatcher.view().table()).isEqualTo(before);
    }

    @Test
    void aTableThatCouldNotBeKeptIsNotInForce() throws Exception {
        keeper.replace(WHATEVER, 5, "p", "s1", ONE);
        Files.createDirectory(temp.resolve("table.json.new"));

        assertThatThrownBy(() -> keeper.replace(WHATEVER, 5, "p", "s2", TWO)).isInstanceOf(IOException.class);

        assertThat(keeper.table().shares()).isEqualTo(ONE);
        assertThat(dispatcher.view().table().shares()).isEqualTo(ONE);
    }

    @Test
    void aDamagedTableIsToldWithItsFileAndNotTakenForEmpty() throws Exception {
        folder.close();
        Files.writeString(temp.resolve("table.json"), "{\"generation\": 1, \"ep");

        assertThatThrownBy(this::open).hasMessageContaining("table.json").hasMessageContaining("remove it");
    }

    @Test
    void weightsThatDoNotMakeAWholeAreRefused() {
        Map<String, Share> half = Map.of("1.0", new Share(5_000, List.of(new Target("127.0.0.1", 1))));

        assertThatThrownBy(() -> keeper.replace(WHATEVER, 1, "p", "s", half))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the weights add up to 5000; expected 10000 over all versions");
        assertThat(keeper.table()).isEqualTo(RouteTable.EMPTY);
    }

    private void restart() throws Exception {
        folder.close();
        open();
    }
}
