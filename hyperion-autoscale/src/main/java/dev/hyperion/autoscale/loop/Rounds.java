// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Whose turn it is. Each application has its own place within its interval on the wall clock, spread by its name, so that
 * thousands of them do not ask their sources at the same moment, and that a restart moves nobody.
 *
 * <p>Those that are due are worked off by a bounded number of workers. Who took long the last time waits in a lane of its own,
 * so that a slow source delays none but its own kind. A turn that comes while the one before is not over, or that nobody had
 * time for, is missed and told: it is never made up for, since a decision is about now.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Rounds {
    /** Longer than any source that is well needs. */
    private static final long SLOW_NANOS = Duration.ofMillis(500).toNanos();
    /** How many turns are taken at once, and made durable together. */
    private static final int BATCH = 256;

    /** The part of an interval that a turn may be late at best. */
    private static final int SOON = AutoscaleLoop.BEATS_PER_INTERVAL;

    private static final int USUAL_WORKERS = 2;
    private static final int SLOW_WORKERS = 1;

    private final HyperionClock clock;
    private final Executor executor;
    private final Turns turns;
    private final Map<ApplicationId, Place> places = new HashMap<>();
    private final PriorityQueue<Place> byTime = new PriorityQueue<>((a, b) -> Long.compare(a.due - b.due, 0));
    private final Lane usual = new Lane(USUAL_WORKERS);
    private final Lane slow = new Lane(SLOW_WORKERS);

    /** What is done with a turn. */
    interface Turns {
        /**
         * Takes turns.
         *
         * @param batch whose
         */
        void take(List<Turn> batch);

        /**
         * A turn was missed.
         *
         * @param application whose
         * @param turns how many, 1 or more
         * @param because one line
         */
        void missed(ApplicationId application, long turns, String because);
    }

    /** One turn of one application. */
    interface Turn {
        /** Whose it is. */
        ApplicationId application();

        /** Begins it, and tells how late that is, in nanoseconds. */
        long begin();

        /** Ends it; what was decided may still have to be made durable. */
        void end();
    }

    private static final class Lane {
        private final int workers;
        private final Deque<Place> waiting = new ArrayDeque<>();
        private int working;

        Lane(int workers) {
            this.workers = workers;
        }
    }

    private final class Place implements Turn {
        private final ApplicationId application;
        private final long interval;
        private long due;
        private long turn; // when the turn that is waiting or under way was due
        private boolean busy;
        private boolean slowLastTime;
        private long begun;

        Place(ApplicationId application, Duration interval, long due) {
            this.application = application;
            this.interval = interval.toNanos();
            this.due = due;
        }

        @Override
        public ApplicationId application() {
            return application;
        }

        @Override
        public long begin() {
            synchronized (Rounds.this) {
                begun = clock.monotonicNanos();
                return Math.max(0, begun - turn);
            }
        }

        @Override
        public void end() {
            synchronized (Rounds.this) {
                slowLastTime = clock.monotonicNanos() - begun > SLOW_NANOS;
            }
        }
    }

    Rounds(HyperionClock clock, Executor executor, Turns turns) {
        this.clock = clock;
        this.executor = executor;
        this.turns = turns;
    }

    /**
     * Settles who takes part from now on. Who is new gets its first turn within its interval, and at once if its last one is
     * longer ago than that: a turn that a process took with it is made up for by the next process.
     *
     * @param intervals how often, by application
     * @param lastTurn when an application had its last turn; asked for new ones only
     */
    synchronized void settle(
            Map<ApplicationId, Duration> intervals, Function<ApplicationId, Optional<Instant>> lastTurn) {
        places.values().removeIf(place -> {
            Duration interval = intervals.get(place.application);
            boolean gone = interval == null || interval.toNanos() != place.interval;
            return gone && byTime.remove(place);
        });
        long now = clock.monotonicNanos();
        Instant today = clock.now();
        long wall = TimeUnit.MILLISECONDS.toNanos(today.toEpochMilli());
        intervals.forEach((application, interval) -> {
            if (!places.containsKey(application)) {
                long past = Math.floorMod(wall - phase(application, interval), interval.toNanos());
                boolean overdue = lastTurn.apply(application)
                        .filter(last -> !last.plus(interval).isAfter(today))
                        .isPresent();
                boolean soon = interval.toNanos() - past < interval.toNanos() / SOON; // then that one will do
                Place place =
                        new Place(application, interval, now - past + (overdue && !soon ? 0 : interval.toNanos()));
                places.put(application, place);
                byTime.add(place);
            }
        });
    }

    /** Forgets everybody's place: nobody acts here for now. */
    synchronized void clear() {
        places.clear();
        byTime.clear();
        usual.waiting.clear();
        slow.waiting.clear();
    }

    /** Where in each interval of the wall clock an application has its turn: nanoseconds, less than the interval. */
    static long phase(ApplicationId application, Duration interval) {
        int mixed =
                application.value().hashCode() * 0x9E3779B9; // multiplicative hashing: similar names, distant phases
        return (long) (interval.toNanos() * (Integer.toUnsignedLong(mixed) / 0x1p32));
    }

    /** Gives everybody their turn who is due; to be called often. */
    void beat() {
        List<Runnable> tell = new ArrayList<>();
        int usualWorkers;
        int slowWorkers;
        synchronized (this) {
            long now = clock.monotonicNanos();
            while (!byTime.isEmpty() && byTime.peek().due - now <= 0) {
                Place place = byTime.poll();
                long late = now - place.due;
                long skipped = late / place.interval;
                if (place.busy) {
                    long running = now - place.turn;
                    tell.add(() -> turns.missed(
                            place.application,
                            skipped + 1,
                            "the turn before is not over after "
                                    + Duration.ofNanos(running).toMillis() + " ms"));
                } else {
                    if (skipped > 0) {
                        tell.add(() -> turns.missed(
                                place.application, skipped, "nothing ran here for " + late / 1_000_000 + " ms"));
                    }
                    place.busy = true;
                    place.turn = place.due + skipped * place.interval;
                    (place.slowLastTime ? slow : usual).waiting.addLast(place);
                }
                place.due += (skipped + 1) * place.interval;
                byTime.add(place);
            }
            usualWorkers = hire(usual);
            slowWorkers = hire(slow);
        }
        tell.forEach(Runnable::run);
        start(usual, usualWorkers);
        start(slow, slowWorkers);
    }

    private static int hire(Lane lane) {
        int wanted = Math.min(lane.workers, (lane.waiting.size() + BATCH - 1) / BATCH);
        int hired = Math.max(0, wanted - lane.working);
        lane.working += hired;
        return hired;
    }

    private void start(Lane lane, int workers) {
        for (int i = 0; i < workers; i++) {
            try {
                executor.execute(() -> work(lane));
            } catch (RejectedExecutionException e) {
                leave(lane); // everybody is busy; those who wait go on waiting, and the next beat tries again
            }
        }
    }

    private synchronized void leave(Lane lane) {
        lane.working--;
    }

    private void work(Lane lane) {
        boolean left = false;
        try {
            List<Turn> batch = next(lane);
            while (!batch.isEmpty()) {
                try {
                    turns.take(batch);
                } finally {
                    free(batch);
                }
                batch = next(lane);
            }
            left = true;
        } finally {
            if (!left) {
                leave(lane); // it failed; the next beat hires another one
            }
        }
    }

    /** The next ones; none, and the worker has left, if nobody waits. */
    private synchronized List<Turn> next(Lane lane) {
        int size = lane == slow ? 1 : BATCH; // slow ones are not to wait for each other's end
        List<Turn> batch = new ArrayList<>(Math.min(size, lane.waiting.size()));
        while (batch.size() < size && !lane.waiting.isEmpty()) {
            batch.add(lane.waiting.pollFirst());
        }
        if (batch.isEmpty()) {
            lane.working--;
        }
        return batch;
    }

    private synchronized void free(List<Turn> batch) {
        batch.forEach(turn -> ((Place) turn).busy = false);
    }
}
