// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.DecisionQuery;
import dev.hyperion.autoscale.PastDecision;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.spi.JournalEvent;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about an application, the newest first: actions from its own journal, each with what became of it, and what
 * changed nothing from the journal of ticks. Journals are read as far as the answer is consumed.
 *
 * <p>Thread-safety: confined.
 */
final class PastDecisions {
    private PastDecisions() {}

    /**
     * Those that are asked for.
     *
     * @param application whose
     * @param own the application's own journal, the newest entry first
     * @param ticks the journal of ticks, the newest entry first; not read if changes only are asked for
     * @param query which of them
     */
    static Stream<PastDecision> of(
            ApplicationId application, Iterator<JournalEvent> own, Iterator<JournalEvent> ticks, DecisionQuery query) {
        Instant since = query.since().orElse(Instant.MIN);
        Ahead actions = new Actions(own);
        Ahead newest = query.changes() ? actions : new Newer(actions, new Ticks(application, since, ticks));
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(newest, Spliterator.ORDERED), false)
                .takeWhile(each -> !at(each).isBefore(since))
                .limit(query.limit());
    }

    private static Instant at(PastDecision decision) {
        return decision.decision().basis().at();
    }

    /** Finds the next one before it is asked for. */
    private abstract static class Ahead implements Iterator<PastDecision> {
        private @Nullable PastDecision next;

        /** The next one; null if there is none. */
        abstract @Nullable PastDecision find();

        @Nullable
        PastDecision peek() {
            if (next == null) {
                next = find();
            }
            return next;
        }

        @Override
        public boolean hasNext() {
            return peek() != null;
        }

        @Override
        public PastDecision next() {
            PastDecision found = peek();
            if (found == null) {
                throw new NoSuchElementException("nothing was decided before");
            }
            next = null;
            return found;
        }
    }

    /** Of two kinds whichever is newer. */
    private static final class Newer extends Ahead {
        private final Ahead one;
        private final Ahead other;

        Newer(Ahead one, Ahead other) {
            this.one = one;
            this.other = other;
        }

        @Override
        @Nullable
        PastDecision find() {
            PastDecision first = one.peek();
            PastDecision second = other.peek();
            if (first == null || second == null) {
                return first == null && second == null ? null : (first == null ? other : one).next();
            }
            return (at(second).isAfter(at(first)) ? other : one).next();
        }
    }

    /** What changed nothing. */
    private static final class Ticks extends Ahead {
        private final ApplicationId application;
        private final Instant since;
        private final Iterator<JournalEvent> events;

        Ticks(ApplicationId application, Instant since, Iterator<JournalEvent> events) {
            this.application = application;
            this.since = since;
            this.events = events;
        }

        @Override
        @Nullable
        PastDecision find() {
            while (events.hasNext()) {
                JournalEvent event = events.next();
                if (event.at().isBefore(since)) {
                    return null; // and so are all before it: nobody is to read on for the next one of this application
                }
                if (TickJournal.isAbout(application, event.data())) {
                    String record = TickJournal.read(event.data()).record();
                    ScaleDecision decision = DecisionRecord.decided(record);
                    return new PastDecision(decision, PastDecision.Outcome.UNCHANGED, decision.current(), "", record);
                }
            }
            return null;
        }
    }

    /**
     * What was to change something. An intent comes before what became of it, so going back the latter is found first and kept.
     * Nothing else is intended in between; only an operator's own request may come there.
     */
    private static final class Actions extends Ahead {
        private final Iterator<JournalEvent> events;
        private @Nullable PastDecision ended;

        Actions(Iterator<JournalEvent> events) {
            this.events = events;
        }

        @Override
        @Nullable
        PastDecision find() {
            while (events.hasNext()) {
                JournalEvent event = events.next();
                PastDecision before = ended;
                switch (event.type()) {
                    case ScaleJournal.INTENT -> {
                        PastDecision intended = intended(event);
                        boolean mine = before != null && id(before).equals(id(intended));
                        ended = before == null || mine ? null : intended;
                        return before == null ? intended : mine ? with(before, intended.record()) : before;
                    }
                    case ScaleJournal.APPLIED, ScaleJournal.REFUSED -> {
                        PastDecision outcome = outcome(event);
                        if (outcome.decision().basis().reasons().contains(ReasonCode.OPERATOR_REQUEST)) {
                            return outcome; // nobody intends that beforehand
                        }
                        ended = outcome;
                        if (before != null) {
                            return before;
                        }
                    }
                    default -> {} // overrides are in the records
                }
            }
            PastDecision last = ended;
            ended = null;
            return last;
        }

        private static String id(PastDecision decision) {
            return decision.decision().basis().id();
        }

        private static PastDecision intended(JournalEvent event) {
            ScaleDecision decision = ScaleRecordJson.read(event.data()).decision();
            String record = ScaleRecordJson.decisionRecord(event.data()).orElse("");
            return new PastDecision(decision, PastDecision.Outcome.OPEN, decision.current(), "", record);
        }

        private static PastDecision outcome(JournalEvent event) {
            ScaleRecord record = ScaleRecordJson.read(event.data());
            return new PastDecision(
                    record.decision(),
                    event.type().equals(ScaleJournal.APPLIED)
                            ? PastDecision.Outcome.APPLIED
                            : PastDecision.Outcome.REFUSED,
                    record.appliedReplicas(),
                    ScaleRecordJson.note(event.data()),
                    "");
        }

        private static PastDecision with(PastDecision ended, String record) {
            return new PastDecision(ended.decision(), ended.outcome(), ended.appliedReplicas(), ended.detail(), record);
        }
    }
}
