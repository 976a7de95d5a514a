// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.ConflictException;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.spi.ClientBlocker;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps alert events, silences, blocks and the rules that people added at run time in a {@link StateStore}, in the stream
 * {@code alerts}. What was not delivered before a crash is known after the next start, and rules of {@code monitor alert add}
 * are there again.
 *
 * <p>Every {@value #SNAPSHOT_EVERY} entries it saves a snapshot of what still matters and lets the store forget the entries
 * before, so that neither the store nor the next start grows with the years.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class StoredAlertJournal implements AlertJournal {
    private static final Logger LOG = LoggerFactory.getLogger(StoredAlertJournal.class);
    private static final StreamId STREAM = new StreamId("alerts");
    private static final int SCHEMA = 2;
    private static final int SNAPSHOT_EVERY = 1_000;

    private final StateStore store;
    private final HyperionClock clock;
    private long lastSeq;
    private long snapshotSeq;
    private String lastHash = JournalEvent.GENESIS;
    private final Map<String, AlertRule> rules = new TreeMap<>();
    private final Map<String, Pending> undelivered = new LinkedHashMap<>();
    private final Map<Alert, AlertEvent> firing = new LinkedHashMap<>();
    private final Map<String, Silence> silences = new LinkedHashMap<>();
    private final Map<String, ClientBlocker.Block> blocks = new LinkedHashMap<>();

    private record Alert(String rule, Map<String, String> series) {
        static Alert of(AlertEvent event) {
            return new Alert(event.rule().name(), event.series());
        }
    }

    private record Entry(String type, String data) {}

    /**
     * Opens the journal and reads what it holds.
     *
     * @param store where it is kept
     * @param clock the clock of its entries
     */
    public StoredAlertJournal(StateStore store, HyperionClock clock) {
        this.store = store;
        this.clock = clock;
        reload();
    }

    @Override
    public synchronized Kept kept() {
        Instant now = clock.now();
        silences.values().removeIf(silence -> !now.isBefore(silence.until()));
        blocks.values().removeIf(block -> !now.isBefore(block.until()));
        return new Kept(
                List.copyOf(rules.values()),
                List.copyOf(undelivered.values()),
                List.copyOf(firing.values()),
                List.copyOf(silences.values()),
                List.copyOf(blocks.values()));
    }

    @Override
    public synchronized void happened(List<Pending> events) {
        append(events.stream()
                .map(event -> new Entry("alert.event", AlertJson.pending(event)))
                .toList());
    }

    @Override
    public synchronized void settled(List<AlertEvent> events, String notifier, String how) {
        List<String> ids = events.stream()
                .map(AlertEvent::id)
                .filter(id ->
                        undelivered.containsKey(id) && undelivered.get(id).to().contains(notifier))
                .toList();
        if (!ids.isEmpty()) {
            append(List.of(new Entry("alert.settled", AlertJson.settled(ids, notifier, how))));
        }
    }

    @Override
    public synchronized void ruleAdded(AlertRule rule) {
        if (rule.origin() != AlertOrigin.CONFIG && !rule.equals(rules.get(rule.name()))) {
            append(List.of(new Entry("rule.added", AlertJson.rule(rule))));
        }
    }

    @Override
    public synchronized void ruleRemoved(String name) {
        if (rules.containsKey(name)) {
            append(List.of(new Entry("rule.removed", AlertJson.named(name))));
        }
    }

    @Override
    public synchronized void silenced(Silence silence) {
        append(List.of(new Entry("silence.added", AlertJson.silence(silence))));
    }

    @Override
    public synchronized void silenceEnded(String id) {
        append(List.of(new Entry("silence.ended", AlertJson.named(id))));
    }

    @Override
    public synchronized void blocked(ClientBlocker.Block block) {
        append(List.of(new Entry("client.blocked", AlertJson.block(block))));
    }

    private void append(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        List<JournalEvent> chained = chained(entries);
        try {
            // no leadership: every process watches its own metrics
            store.append(STREAM, lastSeq, 0, chained);
        } catch (ConflictException e) {
            reload();
            chained = chained(entries);
            store.append(STREAM, lastSeq, 0, chained);
        }
        chained.forEach(this::take);
        if (lastSeq - snapshotSeq >= SNAPSHOT_EVERY) {
            snapshot();
        }
    }

    private void snapshot() {
        try {
            store.save(STREAM, new Snapshot(lastSeq, clock.now(), AlertJson.kept(kept(), lastHash)), 0);
            snapshotSeq = lastSeq;
            store.forget(STREAM, lastSeq);
        } catch (HyperionException e) {
            // what was to be noted is; the next entry tries again
            LOG.warn("the alert journal cannot save a snapshot: {}", e.getMessage());
        }
    }

    private List<JournalEvent> chained(List<Entry> entries) {
        List<JournalEvent> chained = new ArrayList<>();
        String hash = lastHash;
        for (Entry entry : entries) {
            JournalEvent next = new JournalEvent(
                    lastSeq + chained.size() + 1,
                    0,
                    entry.type(),
                    SCHEMA,
                    clock.now(),
                    "monitoring",
                    hash,
                    entry.data());
            chained.add(next);
            hash = next.hash();
        }
        return chained;
    }

    private void reload() {
        lastSeq = 0;
        lastHash = JournalEvent.GENESIS;
        rules.clear();
        undelivered.clear();
        firing.clear();
        silences.clear();
        blocks.clear();
        Optional<Snapshot> snapshot = store.latest(STREAM);
        if (snapshot.isPresent()) {
            takeAll(snapshot.get());
        }
        snapshotSeq = lastSeq;
        try (Stream<JournalEvent> entries = store.read(STREAM, lastSeq + 1)) {
            entries.forEach(this::take);
        }
    }

    private void takeAll(Snapshot snapshot) {
        AlertJson.Fields fields = AlertJson.read(snapshot.data());
        lastSeq = snapshot.seq();
        lastHash = fields.text("hash");
        Kept kept = fields.kept();
        kept.rules().forEach(rule -> rules.put(rule.name(), rule));
        kept.undelivered().forEach(pending -> undelivered.put(pending.event().id(), pending));
        kept.firing().forEach(event -> firing.put(Alert.of(event), event));
        kept.silences().forEach(silence -> silences.put(silence.id(), silence));
        kept.blocks().forEach(block -> blocks.put(block.address().value(), block));
    }

    private void take(JournalEvent entry) {
        lastSeq = entry.seq();
        lastHash = entry.hash();
        AlertJson.Fields fields = AlertJson.read(entry.data());
        switch (entry.type()) {
            case "alert.event" -> takeEvent(fields);
            case "alert.settled" -> takeSettled(fields);
            case "rule.added" -> {
                AlertRule rule = fields.rule();
                rules.put(rule.name(), rule);
            }
            case "rule.removed" -> rules.remove(fields.text("name"));
            case "silence.added" -> {
                Silence silence = fields.silence();
                silences.put(silence.id(), silence);
            }
            case "silence.ended" -> silences.remove(fields.text("name"));
            case "client.blocked" -> {
                ClientBlocker.Block block = fields.block();
                blocks.put(block.address().value(), block);
            }
            default ->
                throw new IllegalStateException("journal alerts has an entry of the unknown type '" + entry.type()
                        + "' at " + entry.seq() + "; it was written by a newer version");
        }
    }

    private void takeEvent(AlertJson.Fields fields) {
        boolean alone = !fields.all().containsKey("event"); // schema 1: nobody was named, so everybody has had it
        AlertEvent event = alone ? fields.event() : fields.below("event").event();
        if (!alone && !fields.pending().to().isEmpty()) {
            undelivered.put(event.id(), fields.pending());
        }
        if (event.state() == AlertState.FIRING) {
            firing.put(Alert.of(event), event);
        } else {
            firing.remove(Alert.of(event));
        }
    }

    private void takeSettled(AlertJson.Fields fields) {
        List<String> ids = fields.all().containsKey("ids") ? fields.list("ids") : List.of(fields.text("id"));
        for (String id : ids) {
            Pending open = undelivered.remove(id);
            if (open != null) {
                Set<String> left = new LinkedHashSet<>(open.to());
                left.remove(fields.text("notifier"));
                if (!left.isEmpty()) {
                    undelivered.put(id, new Pending(open.event(), left));
                }
            }
        }
    }
}
