// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.logback;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.spi.LogSink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A sink that keeps everything. */
final class HeardEntries implements LogSink {
    final List<LogEntry> entries = Collections.synchronizedList(new ArrayList<>());
    final AtomicLong dropped = new AtomicLong();
    Runnable whenLogged = () -> {};

    @Override
    public void log(LogEntry entry) {
        entries.add(entry);
        whenLogged.run();
    }

    @Override
    public void dropped(long lost) {
        dropped.addAndGet(lost);
    }

    @Override
    public int longestStack() {
        return 400;
    }

    List<String> messages() {
        return entries.stream().map(LogEntry::message).toList();
    }
}
