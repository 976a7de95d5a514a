// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StreamId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The records of decisions that changed nothing, of all applications in one stream, so that those of one round are made durable
 * at once. Each holds everything the decision rested on, so the newest of an application is all that a restart needs of it;
 * older ones are kept for people, a bounded number.
 *
 * <p>Thread-safety: thread-safe.
 */
final class TickJournal {
    static final StreamId STREAM = new StreamId("autoscale-ticks");
    static final String TICK = "scale.tick";

    /** Some tens of megabytes. */
    private static final int KEPT = 20_000;
    /** Forgetting costs a write of its own, so it is not done for every entry. */
    private static final int FORGOTTEN_AT_ONCE = KEPT / 4;

    private static final int SCHEMA = 1;
    private static final JsonFactory JSON = new JsonFactory();

    private final EngineContext context;
    private final Map<ApplicationId, JournalEvent> newest = new HashMap<>();
    private long loadedForEpoch = -1;
    private long lastSeq;
    private String lastHash = JournalEvent.GENESIS;
    private long firstKept = 1;

    TickJournal(EngineContext context) {
        this.context = context;
    }

    /**
     * One record.
     *
     * @param application whom it is about
     * @param scaleSeq the last entry of the application's own journal that the record knows of
     * @param record what {@link DecisionRecord#toJson} wrote
     */
    record Tick(ApplicationId application, long scaleSeq, String record) {}

    /** The newest record of an application; read from the store once for each epoch. */
    synchronized Optional<Tick> newest(ApplicationId application) {
        refresh();
        return Optional.ofNullable(newest.get(application)).map(event -> read(event.data()));
    }

    private void refresh() {
        if (loadedForEpoch != context.leadership().epoch() || loadedForEpoch == 0) {
            load(); // without leadership another process writes, and what was read grows old at once
        }
    }

    /** Whether what there was before this process leads has been read. */
    synchronized boolean isRead() {
        return loadedForEpoch != 0 && loadedForEpoch == context.leadership().epoch();
    }

    /** Reads what there was before this process leads; may take a while. */
    synchronized void read() {
        if (!isRead()) {
            load();
        }
    }

    /** When an application was decided about last, an action excepted. */
    synchronized Optional<Instant> newestAt(ApplicationId application) {
        return Optional.ofNullable(newest.get(application)).map(JournalEvent::at);
    }

    /** Makes all of them durable, or none. */
    synchronized void append(List<Tick> ticks) {
        if (ticks.isEmpty()) {
            return;
        }
        long epoch = context.leadership().epoch();
        if (loadedForEpoch != epoch) {
            load();
        }
        List<JournalEvent> events = new ArrayList<>(ticks.size());
        long seq = lastSeq;
        String hash = lastHash;
        for (Tick tick : ticks) {
            JournalEvent event = new JournalEvent(
                    ++seq, epoch, TICK, SCHEMA, context.clock().now(), "autoscaler", hash, write(tick));
            hash = event.hash();
            events.add(event);
        }
        try {
            context.store().append(STREAM, lastSeq, epoch, events);
        } catch (HyperionException e) {
            loadedForEpoch = -1; // whoever wrote meanwhile: the next round begins from what is there
            throw e;
        }
        lastSeq = seq;
        lastHash = hash;
        for (int i = 0; i < ticks.size(); i++) {
            newest.put(ticks.get(i).application(), events.get(i));
        }
        forget(epoch);
    }

    /** A snapshot says nothing but that what is before it is not needed: every application has ticked since, or is gone. */
    private void forget(long epoch) {
        long keep = Math.max(KEPT, 4L * newest.size());
        if (lastSeq - firstKept >= keep + FORGOTTEN_AT_ONCE) {
            long seq = lastSeq - keep;
            context.store().save(STREAM, new Snapshot(seq, context.clock().now(), "{}"), epoch);
            context.store().forget(STREAM, seq);
            firstKept = seq;
        }
    }

    private void load() {
        newest.clear();
        lastSeq = 0;
        lastHash = JournalEvent.GENESIS;
        long from = context.store().latest(STREAM).map(Snapshot::seq).orElse(1L);
        firstKept = Math.max(1, from);
        try (Stream<JournalEvent> events = context.store().read(STREAM, firstKept)) {
            events.forEach(event -> {
                lastSeq = event.seq();
                lastHash = event.hash();
                newest.put(read(event.data()).application(), event);
            });
        }
        loadedForEpoch = context.leadership().epoch();
    }

    private static String write(Tick tick) {
        // neither a name nor a record needs to be quoted
        return about(tick.application()) + "\"scale_seq\":" + tick.scaleSeq() + ",\"record\":" + tick.record() + "}";
    }

    /** The number of the last entry. */
    synchronized long last() {
        refresh();
        return lastSeq;
    }

    /** Whether an entry is about an application; much cheaper than reading it. */
    static boolean isAbout(ApplicationId application, String data) {
        return data.startsWith(about(application));
    }

    private static String about(ApplicationId application) {
        return "{\"application\":\"" + application.value() + "\",";
    }

    static Tick read(String data) {
        String application = "";
        long scaleSeq = 0;
        String record = "";
        try (JsonParser json = JSON.createParser(data)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                int begin = (int) json.currentTokenLocation().getCharOffset();
                switch (name) {
                    case "application" -> application = json.getText();
                    case "scale_seq" -> scaleSeq = json.getLongValue();
                    default -> {
                        json.skipChildren();
                        record = data.substring(
                                begin, (int) json.currentTokenLocation().getCharOffset() + 1);
                    }
                }
            }
            return new Tick(new ApplicationId(application), scaleSeq, record);
        } catch (IOException e) {
            throw new UncheckedIOException("an entry of " + STREAM + " is not JSON: " + data, e);
        }
    }
}
