// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PresetTest {
    @Test
    void whatIsPublishedHasThreeForksAtLeast() {
        assertThat(Preset.STANDARD.forks()).isGreaterThanOrEqualTo(3);
        assertThat(Preset.FULL.forks()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void anUnknownPresetIsRefusedWithTheOnesThereAre() {
        assertThatThrownBy(() -> Preset.named("fast"))
                .hasMessage("no preset named 'fast'; there are: smoke, standard, full");
    }

    @Test
    void anUnknownGroupIsRefusedWithTheOnesThereAre() {
        assertThatThrownBy(() -> Group.named("record,tag"))
                .hasMessageStartingWith("nothing named 'tag' is measured; there are: record, virtual, count, tags");
    }

    @Test
    void threadsAreOneAllAndFourTimesAsManyOnAnyMachine() {
        assertThat(Group.RECORD.threads(Preset.STANDARD, 2)).containsExactly(1, 2, 8);
        assertThat(Group.RECORD.threads(Preset.STANDARD, 16)).containsExactly(1, 16, 64);
        assertThat(Group.RECORD.threads(Preset.STANDARD, 1)).containsExactly(1, 2, 8);
        assertThat(Group.RECORD.threads(Preset.SMOKE, 16)).containsExactly(1, 16);
    }

    @Test
    void decisionsAreCompiledBeforeTheyCount() {
        assertThat(Group.DECIDE.iterationMillis(Preset.SMOKE)).isEqualTo(1_000);
        assertThat(Group.DECIDE.iterationMillis(Preset.STANDARD)).isEqualTo(1_000);
        assertThat(Group.DECIDE.iterationMillis(Preset.FULL)).isEqualTo(2_000);
    }

    @Test
    void virtualThreadsAreMeasuredWhereTheyExist() {
        assertThat(Group.VIRTUAL.runsOn(17)).isFalse();
        assertThat(Group.VIRTUAL.runsOn(21)).isTrue();
        assertThat(Group.RECORD.runsOn(17)).isTrue();
    }
}
