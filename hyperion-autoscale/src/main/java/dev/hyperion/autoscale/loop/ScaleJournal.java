// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.autoscale.DecisionQuery;
import dev.hyperion.autoscale.PastDecision;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.autoscale.record.OverrideJson;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StreamId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What was intended and what was applied, and what people wanted instead, durable, and what the policy remembers of all that and of the decisions that changed
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
    static final String OVERRIDE_SAID = "override.said";
    static final String OVERRIDE_REPLACED = "override.replaced";
    static final String OVERRIDE_RESUMED = "override.resumed";
    static final String OVERRIDE_EXPIRED = "override.expired";

    private static final String AUTOSCALER = "autoscaler";

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
    private Optional<ScaleOverride> override = Optional.empty();
    private Optional<ScaleOverride> expired = Optional.empty();

    /** What is to be written; number, hash and time come when it is. */
    private record Entry(String type, String who, String data) {}

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

    /** What was decided, from the newest back. */
    Stream<PastDecision> decisions(DecisionQuery query) {
        long last;
        synchronized (this) {
            load();
            last = lastSeq;
        }
        return PastDecisions.of(
                application,
                new Backwards(context.store(), stream, last),
                new Backwards(context.store(), TickJournal.STREAM, query.changes() ? 0 : ticks.last()),
                query);
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
        append(intended.at(), new Entry(INTENT, AUTOSCALER, ScaleRecordJson.write(intended, "", record.toJson())));
    }

    synchronized void refused(ScaleDecision decision, String why) {
        load();
        ScaleRecord nothing =
                new ScaleRecord(decision, decision.current(), context.clock().now());
        append(nothing.at(), new Entry(REFUSED, AUTOSCALER, ScaleRecordJson.write(nothing, why, "")));
    }

    synchronized void applied(ScaleRecord record) {
        load();
        if (!recordedIds.contains(record.decision().basis().id())) {
            append(record.at(), new Entry(APPLIED, AUTOSCALER, ScaleRecordJson.write(record, "", "")));
        }
    }

    /** What somebody said to a running instance and nobody ended; it may have expired since. */
    synchronized Optional<ScaleOverride> override() {
        load();
        return override;
    }

    /** The override that was the last one to end by itself, if none was said since. */
    synchronized Optional<ScaleOverride> expired() {
        load();
        return expired;
    }

    /** Takes down an override, and the end of the one before, which is returned. */
    synchronized Optional<ScaleOverride> say(ScaleOverride wanted) {
        load();
        Optional<ScaleOverride> before = override;
        List<Entry> entries = new ArrayList<>();
        before.ifPresent(
                old -> entries.add(new Entry(OVERRIDE_REPLACED, wanted.who(), OverrideJson.toText(old, wanted.why()))));
        entries.add(new Entry(OVERRIDE_SAID, wanted.who(), OverrideJson.toText(wanted, "")));
        append(context.clock().now(), entries.toArray(Entry[]::new));
        return before;
    }

    /** Takes down that somebody ended the override, which is returned; empty and nothing is done if there is none. */
    synchronized Optional<ScaleOverride> resume(String who, String why) {
        load();
        Optional<ScaleOverride> ended = override;
        ended.ifPresent(
                old -> append(context.clock().now(), new Entry(OVERRIDE_RESUMED, who, OverrideJson.toText(old, why))));
        return ended;
    }

    /** Takes down that the override has expired, once. */
    synchronized void expire(ScaleOverride old) {
        load();
        if (override.filter(old::equals).isPresent()) {
            append(context.clock().now(), new Entry(OVERRIDE_EXPIRED, AUTOSCALER, OverrideJson.toText(old, "")));
        }
    }

    private void append(Instant at, Entry... entries) {
        List<JournalEvent> events = events(at, entries);
        try {
            context.store().append(stream, lastSeq, context.leadership().epoch(), events);
        } catch (ConflictException e) {
            // another operator wrote meanwhile; what it wrote counts, and a second conflict is told to the caller
            reload();
            events = events(at, entries);
            context.store().append(stream, lastSeq, context.leadership().epoch(), events);
        }
        events.forEach(this::take);
    }

    private List<JournalEvent> events(Instant at, Entry... entries) {
        List<JournalEvent> events = new ArrayList<>(entries.length);
        String hash = lastHash;
        for (Entry entry : entries) {
            JournalEvent event = new JournalEvent(
                    lastSeq + 1 + events.size(),
                    context.leadership().epoch(),
                    entry.type(),
                    SCHEMA,
                    at,
                    entry.who(),
                    hash,
                    entry.data());
            hash = event.hash();
            events.add(event);
        }
        return events;
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
        override = Optional.empty();
        expired = Optional.empty();
        Optional<TickJournal.Tick> tick = ticks.newest(application);
        long knownToTick = tick.map(TickJournal.Tick::scaleSeq).orElse(-1L);
        try (Stream<JournalEvent> events = context.store().read(stream, 1)) {
            events.forEach(event -> {
                if (event.seq() == knownToTick + 1) {
                    tick.ifPresent(newest -> rememberFrom(newest.record()));
                }
                take(event);
                if (event.type().equals(INTENT)) {
                    ScaleRecordJson.decisionRecord(event.data()).ifPresent(this::rememberFrom);
                }
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

    private void take(JournalEvent event) {
        lastSeq = event.seq();
        lastHash = event.hash();
        switch (event.type()) {
            case INTENT -> open = Optional.of(ScaleRecordJson.read(event.data())); // what it decided is remembered
            case REFUSED -> open = Optional.empty();
            case APPLIED -> {
                ScaleRecord record = ScaleRecordJson.read(event.data());
                open = Optional.empty();
                memory = memory.applied(record.decision().current(), record.appliedReplicas(), record.at());
                keep(record);
            }
            case OVERRIDE_SAID -> {
                override = Optional.of(OverrideJson.fromText(event.data()));
                expired = Optional.empty();
            }
            case OVERRIDE_REPLACED, OVERRIDE_RESUMED -> override = Optional.empty();
            case OVERRIDE_EXPIRED -> {
                expired = override;
                override = Optional.empty();
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
