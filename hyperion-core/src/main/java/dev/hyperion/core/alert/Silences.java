// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Silence;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What is silenced, and until when. Thread-safety: thread-safe. */
final class Silences {
    private static final int MOST = 10_000;

    private final Map<String, Silence> silences = new ConcurrentHashMap<>();
    private final AlertJournal journal;
    private final HyperionClock clock;

    Silences(AlertJournal journal, HyperionClock clock) {
        this.journal = journal;
        this.clock = clock;
    }

    Silence add(Silence wanted) {
        if (!wanted.until().isAfter(clock.now())) {
            throw new HyperionException("silence of " + wanted.rule() + " ends at " + wanted.until()
                    + ", which has passed; expected a time to come");
        }
        if (all().size() >= MOST) {
            throw new HyperionException("there are " + MOST + " silences; end some before you add more");
        }
        Silence silence = new Silence(
                UUID.randomUUID().toString(),
                wanted.rule(),
                wanted.labels(),
                wanted.who(),
                wanted.why(),
                wanted.until());
        journal.silenced(silence);
        silences.put(silence.id(), silence);
        return silence;
    }

    boolean end(String id) {
        boolean known = all().stream().anyMatch(silence -> silence.id().equals(id));
        if (known) {
            journal.silenceEnded(id);
            silences.remove(id);
        }
        return known;
    }

    /** What the journal has kept. */
    void restore(List<Silence> kept) {
        kept.forEach(silence -> silences.put(silence.id(), silence));
    }

    List<Silence> all() {
        Instant now = clock.now();
        silences.values().removeIf(silence -> !now.isBefore(silence.until()));
        return silences.values().stream()
                .sorted(Comparator.comparing(Silence::until).thenComparing(Silence::id))
                .toList();
    }

    Optional<String> covering(AlertRule rule, Map<String, String> labels, Instant now) {
        if (silences.isEmpty()) {
            return Optional.empty();
        }
        return silences.values().stream()
                .filter(silence -> silence.covers(rule.name(), labels, now))
                .map(Silence::id)
                .min(Comparator.naturalOrder());
    }
}
