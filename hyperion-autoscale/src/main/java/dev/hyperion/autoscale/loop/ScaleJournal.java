// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StreamId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was intended and what was applied, durable, so that cooldowns survive a restart. An intent whose outcome is unknown
 * starts the cooldown as if it had been applied: after a crash it is better to wait than to step twice.
 *
 * <p>Thread-safety: thread-safe.
 */
final class ScaleJournal {
    static final String INTENT = "scale.intent";
    static final String APPLIED = "scale.applied";
    static final String REFUSED = "scale.refused";

    private static final int KEPT = 500;
    private static final int SCHEMA = 1;

    private final StreamId stream;
    private final EngineContext context;

    private boolean loaded;
    private long lastSeq;
    private String lastHash = JournalEvent.GENESIS;
    private final Deque<ScaleRecord> records = new ArrayDeque<>();
    private final Set<String> recordedIds = new LinkedHashSet<>();
    private ScaleHistory history = ScaleHistory.NONE;
    private Optional<ScaleRecord> open = Optional.empty();

    ScaleJournal(ApplicationId application, EngineContext context) {
        this.stream = new StreamId("autoscale/" + application);
        this.context = context;
    }

    synchronized ScaleHistory history() {
        load();
        return open.map(intent -> history.after(intent.decision(), intent.appliedReplicas(), intent.at()))
                .orElse(history);
    }

    synchronized List<ScaleRecord> records() {
        load();
        return List.copyOf(records);
    }

    synchronized void intend(ScaleDecision decision) {
        load();
        append(
                INTENT,
                new ScaleRecord(decision, decision.target(), context.clock().now()),
                "");
    }

    synchronized void refused(ScaleDecision decision, String why) {
        load();
        append(
                REFUSED,
                new ScaleRecord(decision, decision.current(), context.clock().now()),
                why);
    }

    synchronized void applied(ScaleRecord record) {
        load();
        if (!recordedIds.contains(record.decision().basis().id())) {
            append(APPLIED, record, "");
        }
    }

    private void append(String type, ScaleRecord record, String note) {
        JournalEvent event = event(type, record, note);
        try {
            context.store().append(stream, lastSeq, event.epoch(), List.of(event));
        } catch (ConflictException e) {
            // another operator wrote meanwhile; what it wrote counts, and a second conflict is told to the caller
            reload();
            event = event(type, record, note);
            context.store().append(stream, lastSeq, event.epoch(), List.of(event));
        }
        take(event);
    }

    private JournalEvent event(String type, ScaleRecord record, String note) {
        return new JournalEvent(
                lastSeq + 1,
                context.leadership().epoch(),
                type,
                SCHEMA,
                record.at(),
                "autoscaler",
                lastHash,
                ScaleRecordJson.write(record, note));
    }

    private void load() {
        if (!loaded) {
            reload();
        }
    }

    private void reload() {
        lastSeq = 0;
        lastHash = JournalEvent.GENESIS;
        records.clear();
        recordedIds.clear();
        history = ScaleHistory.NONE;
        open = Optional.empty();
        try (Stream<JournalEvent> events = context.store().read(stream, 1)) {
            events.forEach(this::take);
        }
        loaded = true;
    }

    private void take(JournalEvent event) {
        lastSeq = event.seq();
        lastHash = event.hash();
        ScaleRecord record = ScaleRecordJson.read(event.data());
        switch (event.type()) {
            case INTENT -> open = Optional.of(record);
            case REFUSED -> open = Optional.empty();
            case APPLIED -> {
                open = Optional.empty();
                history = history.after(record.decision(), record.appliedReplicas(), record.at());
                keep(record);
            }
            default ->
                throw new IllegalStateException("journal " + stream + " has an entry of the unknown type '"
                        + event.type() + "' at " + event.seq() + "; it was written by a newer version");
        }
    }

    private void keep(ScaleRecord record) {
        records.addLast(record);
        recordedIds.add(record.decision().basis().id());
        while (records.size() > KEPT) {
            recordedIds.remove(records.removeFirst().decision().basis().id());
        }
    }
}
