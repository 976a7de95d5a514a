// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class JournalEventTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00.123Z");

    private static JournalEvent event(long seq, String prevHash, String data) {
        return new JournalEvent(seq, 1, "t", 1, NOW, "ann", prevHash, data);
    }

    @Test
    void anEntryFollowsTheOneWhoseHashItCarries() {
        JournalEvent first = event(1, JournalEvent.GENESIS, "{}");
        JournalEvent second = event(2, first.hash(), "{}");
        assertThat(second.follows(first)).isTrue();
        assertThat(second.follows(event(1, JournalEvent.GENESIS, "{\"changed\":1}")))
                .isFalse();
    }

    @Test
    void partsCannotBeShiftedIntoEachOther() {
        JournalEvent one = new JournalEvent(1, 1, "ab", 1, NOW, "c", JournalEvent.GENESIS, "{}");
        JournalEvent other = new JournalEvent(1, 1, "a", 1, NOW, "bc", JournalEvent.GENESIS, "{}");
        assertThat(one.hash()).isNotEqualTo(other.hash());
    }

    @Test
    void theHashIsTheOneThatJournalsOnDiskHave() {
        JournalEvent event = new JournalEvent(
                7, 3, "step.intent", 1, NOW.plusMillis(2), "ada", JournalEvent.GENESIS, "{\"text\":\"é😀 and more\"}");
        assertThat(event.hash()).isEqualTo("2897a224b6a8e56c9bc2be4946e18974e63bc14ede01281adda2a84f8bc9a819");
    }
}
