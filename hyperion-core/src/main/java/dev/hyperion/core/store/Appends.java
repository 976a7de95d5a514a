// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StreamId;
import java.util.List;

/** What every store asks of an append before it looks at what it has. */
final class Appends {
    private Appends() {}

    static void check(StreamId stream, long expectedSeq, List<JournalEvent> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("journal " + stream + ": there is nothing to append");
        }
        long seq = expectedSeq;
        for (JournalEvent event : events) {
            if (event.seq() != ++seq) {
                throw new IllegalArgumentException(
                        "journal " + stream + ": entry " + event.seq() + " is where " + seq + " belongs");
            }
        }
    }
}
