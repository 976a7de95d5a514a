// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StreamId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What was intended and what was applied, durable, and what the policy remembers of all that and of the decisions that changed
 * nothing, which are in the {@link TickJournal}. After a restart it remembers the same.
 *
 * <p>An intent that neither an outcome nor a refusal follows is open: the process ended in between. Whoever decides next must
 * find out what became of it first, and {@link #applied} or {@link #refused} it.
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
    private final ApplicationId application;
    private final ScalingPolicy policy;
    private final TickJournal ticks;

    private long loadedForEpoch = -1;
    private long lastSeq;
    private String lastHash = JournalEvent.GENESIS;
    private final Deque<ScaleRecord> records = new ArrayDeque<>();
    private final Set<String> recordedIds = new LinkedHashSet<>();
    private StagedHistory memory;
    private Optional<ScaleRecord> open = Optional.empty();

    ScaleJournal(ApplicationId application, ScalingPolicy policy, TickJournal ticks, EngineContext context) {
        this.stream = new StreamId("autoscale/" + application);
        this.application = application;
        this.policy = policy;
        this.ticks = ticks;
        this.context = context;
        this.memory = StagedHistory.none(policy);
    }

    /** What is remembered from the decisions so far. */
    synchronized StagedHistory memory() {
        load();
        return memory;
    }

    /** The intent of which nobody knows what became. */
    synchronized Optional<ScaleRecord> open() {
        load();
        return open;
    }

    /**
     * Decides from what is remembered, and remembers what comes of it; nothing can be applied in between.
     *
     * @return the decision, to be made durable as an intent or as a tick
     */
    synchronized DecisionRecord decide(Function<StagedHistory, DecisionRecord> how) {
        load();
        DecisionRecord record = how.apply(memory);
        memory = record.outcome().next();
        return record;
    }

    /** As it is to be kept in the journal of ticks. */
    synchronized TickJournal.Tick tick(DecisionRecord record) {
        return new TickJournal.Tick(application, lastSeq, record.toJson());
    }

    synchronized List<ScaleRecord> records() {
        load();
        return List.copyOf(records);
    }

    synchronized void intend(DecisionRecord record) {
        load();
        ScaleDecision decision = record.decision();
        ScaleRecord intended =
                new ScaleRecord(decision, decision.target(), context.clock().now());
        append(INTENT, intended, ScaleRecordJson.write(intended, "", record.toJson()));
    }

    synchronized void refused(ScaleDecision decision, String why) {
        load();
        ScaleRecord nothing =
                new ScaleRecord(decision, decision.current(), context.clock().now());
        append(REFUSED, nothing, ScaleRecordJson.write(nothing, why, ""));
    }

    synchronized void applied(ScaleRecord record) {
        load();
        if (!recordedIds.contains(record.decision().basis().id())) {
            append(APPLIED, record, ScaleRecordJson.write(record, "", ""));
        }
    }

    private void append(String type, ScaleRecord record, String data) {
        JournalEvent event = event(type, record, data);
        try {
            context.store().append(stream, lastSeq, event.epoch(), List.of(event));
        } catch (ConflictException e) {
            // another operator wrote meanwhile; what it wrote counts, and a second conflict is told to the caller
            reload();
            event = event(type, record, data);
            context.store().append(stream, lastSeq, event.epoch(), List.of(event));
        }
        StagedHistory decided = memory;
        take(event, record);
        memory = type.equals(APPLIED) ? memory : decided; // what was decided is remembered already
    }

    private JournalEvent event(String type, ScaleRecord record, String data) {
        return new JournalEvent(
                lastSeq + 1, context.leadership().epoch(), type, SCHEMA, record.at(), "autoscaler", lastHash, data);
    }

    private void load() {
        // without leadership another process writes, and what was read grows old at once
        if (loadedForEpoch != context.leadership().epoch() || loadedForEpoch == 0) {
            reload();
        }
    }

    private void reload() {
        lastSeq = 0;
        lastHash = JournalEvent.GENESIS;
        records.clear();
        recordedIds.clear();
        memory = StagedHistory.none(policy);
        open = Optional.empty();
        Optional<TickJournal.Tick> tick = ticks.newest(application);
        long knownToTick = tick.map(TickJournal.Tick::scaleSeq).orElse(-1L);
        try (Stream<JournalEvent> events = context.store().read(stream, 1)) {
            events.forEach(event -> {
                if (event.seq() == knownToTick + 1) {
                    tick.ifPresent(newest -> rememberFrom(newest.record()));
                }
                take(event, ScaleRecordJson.read(event.data()));
            });
        }
        if (lastSeq <= knownToTick) {
            tick.ifPresent(newest -> rememberFrom(newest.record()));
        }
        loadedForEpoch = context.leadership().epoch();
    }

    /** A record of a policy of another kind says nothing to this one: somebody has configured it since. */
    private void rememberFrom(String record) {
        StagedHistory next = DecisionRecord.replay(record).outcome().next();
        if (next.policy().getClass() == memory.policy().getClass()) {
            memory = next;
        }
    }

    private void take(JournalEvent event, ScaleRecord record) {
        lastSeq = event.seq();
        lastHash = event.hash();
        switch (event.type()) {
            case INTENT -> {
                open = Optional.of(record);
                ScaleRecordJson.decisionRecord(event.data()).ifPresent(this::rememberFrom);
            }
            case REFUSED -> open = Optional.empty();
            case APPLIED -> {
                open = Optional.empty();
                memory = memory.applied(record.decision().current(), record.appliedReplicas(), record.at());
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
