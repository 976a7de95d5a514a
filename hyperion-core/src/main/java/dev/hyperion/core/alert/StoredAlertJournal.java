// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.ConflictException;
import dev.hyperion.HyperionClock;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Keeps alert events and the rules that people added at run time in a {@link StateStore}, in the stream {@code alerts}. What
 * was not delivered before a crash is known after the next start, and rules of {@code monitor alert add} are there again.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class StoredAlertJournal implements AlertJournal {
    private static final StreamId STREAM = new StreamId("alerts");
    private static final int SCHEMA = 1;

    private final StateStore store;
    private final HyperionClock clock;
    private long lastSeq;
    private String lastHash = JournalEvent.GENESIS;
    private final Map<String, AlertRule> rules = new TreeMap<>();
    private final Map<String, Undelivered> undelivered = new LinkedHashMap<>();

    /**
     * An event that somebody has yet to get.
     *
     * @param event the event
     * @param settled who has it, or refused it
     */
    public record Undelivered(AlertEvent event, Set<String> settled) {}

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

    /**
     * The rules that were added at run time and not removed since.
     *
     * @return in the order of their names
     */
    public synchronized List<AlertRule> rules() {
        return List.copyOf(rules.values());
    }

    /**
     * The events of before the last start that are not settled with everybody.
     *
     * @param notifiers who should have had them
     * @return in the order in which they happened
     */
    public synchronized List<Undelivered> undelivered(Set<String> notifiers) {
        List<Undelivered> open = new ArrayList<>();
        for (Undelivered each : undelivered.values()) {
            Set<String> wanted = new LinkedHashSet<>(
                    each.event().rule().notifiers().isEmpty()
                            ? notifiers
                            : each.event().rule().notifiers());
            wanted.removeAll(each.settled());
            if (!wanted.isEmpty()) {
                open.add(each);
            }
        }
        return open;
    }

    @Override
    public synchronized void happened(AlertEvent event) {
        append("alert.event", AlertJson.event(event));
    }

    @Override
    public synchronized void settled(AlertEvent event, String notifier, String how) {
        append("alert.settled", AlertJson.settled(event.id(), notifier, how));
    }

    @Override
    public synchronized void ruleAdded(AlertRule rule) {
        if (rule.origin() != AlertOrigin.CONFIG && !rule.equals(rules.get(rule.name()))) {
            append("rule.added", AlertJson.rule(rule));
        }
    }

    @Override
    public synchronized void ruleRemoved(String name) {
        if (rules.containsKey(name)) {
            append("rule.removed", AlertJson.named(name));
        }
    }

    private void append(String type, String data) {
        JournalEvent entry = entry(type, data);
        try {
            // no leadership: every process watches its own metrics
            store.append(STREAM, lastSeq, 0, List.of(entry));
        } catch (ConflictException e) {
            reload();
            entry = entry(type, data);
            store.append(STREAM, lastSeq, 0, List.of(entry));
        }
        take(entry);
    }

    private JournalEvent entry(String type, String data) {
        return new JournalEvent(lastSeq + 1, 0, type, SCHEMA, clock.now(), "monitoring", lastHash, data);
    }

    private void reload() {
        lastSeq = 0;
        lastHash = JournalEvent.GENESIS;
        rules.clear();
        undelivered.clear();
        try (Stream<JournalEvent> entries = store.read(STREAM, 1)) {
            entries.forEach(this::take);
        }
    }

    private void take(JournalEvent entry) {
        lastSeq = entry.seq();
        lastHash = entry.hash();
        AlertJson.Fields fields = AlertJson.read(entry.data());
        switch (entry.type()) {
            case "alert.event" -> {
                AlertEvent event = fields.event();
                undelivered.put(event.id(), new Undelivered(event, Set.of()));
            }
            case "alert.settled" ->
                undelivered.computeIfPresent(fields.text("id"), (id, open) -> {
                    Set<String> settled = new LinkedHashSet<>(open.settled());
                    settled.add(fields.text("notifier"));
                    return new Undelivered(open.event(), Set.copyOf(settled));
                });
            case "rule.added" -> {
                AlertRule rule = fields.rule();
                rules.put(rule.name(), rule);
            }
            case "rule.removed" -> rules.remove(fields.text("name"));
            default ->
                throw new IllegalStateException("journal alerts has an entry of the unknown type '" + entry.type()
                        + "' at " + entry.seq() + "; it was written by a newer version");
        }
    }
}
