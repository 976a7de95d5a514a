// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls the application's functions behind gauges, function counters, function timers and custom meters on threads of its
 * own, so that one that hangs stops neither a scrape, nor a query, nor a tick.
 *
 * <p>Meters are sampled in sweeps. One worker goes through a sweep; whenever none has got on for a tenth of the deadline
 * another one goes on with the rest. At the deadline the sweep ends with what there is. A meter whose function is still at
 * work then is interrupted, counted as failed, and has no value (counters: the last one) until its function has answered and
 * a pause has passed; it costs readers nothing meanwhile. At most {@link #MOST_WORKERS} threads can be held by functions that
 * take no notice of their interrupt; should all be, no function is called until one comes back.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class GaugeReader {
    /** How many threads of {@link #threads()} can be at work or held. */
    public static final int MOST_WORKERS = 16;

    /** How often within one deadline a sweep is looked after. */
    private static final int LOOKS = 10;
    /** After a function has hung and come back it rests for this many deadlines. */
    private static final int PAUSE = 30;

    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 300 : 0;

    /** What this thread may take for fresh. */
    private static final ThreadLocal<Reading> HERE = new ThreadLocal<>();

    private final HyperionClock clock;
    private final TaskScheduler scheduler;
    private final Executor workers;
    private final Duration deadline;
    private final AtomicLong sweeps = new AtomicLong();
    private final Map<FunctionMeter, Hang> hanging = new ConcurrentHashMap<>();

    /** Within a worker functions are called directly; within a sampled scope what its sweep has sampled is fresh. */
    private record Reading(long sweep, @Nullable Queue<Runnable> afterwards) {
        boolean direct() {
            return afterwards != null;
        }
    }

    /** A function that did not answer in time, and since when it may be asked again; far in the future while it is at work. */
    private static final class Hang {
        private volatile boolean ended;
        private volatile long restUntil;
    }

    /** What was sampled counts as fresh on this thread until this is closed. Thread-safety: confined to one thread. */
    interface Sampled extends AutoCloseable {
        Sampled NOTHING = () -> {};

        @Override
        void close();
    }

    /**
     * Creates a reader.
     *
     * @param clock the clock of pauses
     * @param scheduler looks after sweeps
     * @param workers call the functions; may reject
     * @param deadline how long one sweep may take, more than zero
     */
    public GaugeReader(HyperionClock clock, TaskScheduler scheduler, Executor workers, Duration deadline) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.workers = workers;
        this.deadline = deadline;
    }

    /**
     * Makes daemon threads for a reader, started when they are needed, ended when idle.
     *
     * @return an executor that rejects what needs more than {@link #MOST_WORKERS} threads; the caller shuts it down
     */
    public static ThreadPoolExecutor threads() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, MOST_WORKERS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), run -> {
            Thread thread = new Thread(run, "hyperion-gauges-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    void refresh(FunctionMeter meter, Mishaps mishaps) {
        Reading here = HERE.get();
        if (here != null && here.direct()) {
            meter.sample().run();
        } else if (here == null || meter.sampledIn() < here.sweep()) {
            new Sweep(List.of(meter), mishaps).run();
        }
    }

    Sampled sampled(Collection<? extends Meter> meters, Mishaps mishaps) {
        Reading before = HERE.get();
        if (before != null && before.direct()) {
            return Sampled.NOTHING;
        }
        List<FunctionMeter> swept = new ArrayList<>();
        for (Meter meter : meters) {
            if (meter instanceof FunctionMeter function && (before == null || function.sampledIn() < before.sweep())) {
                swept.add(function);
            }
        }
        if (swept.isEmpty()) {
            return Sampled.NOTHING;
        }
        Sweep sweep = new Sweep(swept, mishaps);
        sweep.run();
        HERE.set(new Reading(before == null ? sweep.number : before.sweep(), null));
        return () -> restore(before);
    }

    /**
     * Runs what takes the registry's locks after the sweep, on the thread that waits for it and may hold them: a worker that
     * waited for them would wait for its own caller.
     */
    static void afterwards(Runnable task) {
        Reading here = HERE.get();
        if (here != null && here.afterwards() != null) {
            here.afterwards().add(task);
        } else {
            task.run();
        }
    }

    private static void restore(@Nullable Reading before) {
        if (before == null) {
            HERE.remove();
        } else {
            HERE.set(before);
        }
    }

    private boolean rests(FunctionMeter meter) {
        Hang hang = hanging.get(meter);
        if (hang == null) {
            return false;
        }
        if (hang.ended && clock.monotonicNanos() - hang.restUntil >= 0) {
            hanging.remove(meter, hang);
            return false;
        }
        return true;
    }

    /** One pass over some meters. */
    private final class Sweep {
        private final List<FunctionMeter> meters;
        private final Mishaps mishaps;
        private final long number = sweeps.incrementAndGet();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger finished = new AtomicInteger();
        private final CountDownLatch end = new CountDownLatch(1);
        private final Queue<Runnable> afterwards = new ConcurrentLinkedQueue<>();
        private final List<Worker> started = new ArrayList<>(1); // guarded by this
        private volatile boolean over;
        private int looks; // by the scheduler's one task alone
        private int seen;

        Sweep(List<FunctionMeter> meters, Mishaps mishaps) {
            this.meters = meters;
            this.mishaps = mishaps;
        }

        void run() {
            List<FunctionMeter> resting = List.of();
            if (!hanging.isEmpty()) {
                resting = meters.stream().filter(GaugeReader.this::rests).toList();
            }
            if (resting.size() == meters.size()) {
                finishUnknown(resting);
                return;
            }
            if (start()) {
                await();
            }
            afterwards.forEach(Runnable::run);
            // the unclaimed and the unfinished; what is sampled later than now is told by the next sweep
            for (FunctionMeter meter : meters) {
                if (meter.sampledIn() < number) {
                    meter.unknown();
                    meter.sampledIn(number);
                }
            }
        }

        private void finishUnknown(List<FunctionMeter> resting) {
            for (FunctionMeter meter : resting) {
                meter.unknown();
                meter.sampledIn(number);
            }
        }

        private boolean start() {
            Worker worker = new Worker();
            synchronized (this) {
                started.add(worker);
            }
            try {
                workers.execute(worker);
                return true;
            } catch (RejectedExecutionException e) {
                return false; // every thread is held by a function that hangs
            }
        }

        private void await() {
            for (int i = 0; i < SPINS && end.getCount() > 0; i++) {
                Thread.onSpinWait(); // most gauges have answered before a watch could be set up
            }
            if (end.getCount() == 0) {
                return;
            }
            Duration look = deadline.dividedBy(LOOKS);
            TaskScheduler.Task watch = scheduler.every("gauges", look, look, this::look);
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // whoever wants this thread back gets it with what there is
                over = true;
            } finally {
                watch.cancel();
            }
        }

        private void look() {
            if (++looks >= LOOKS) {
                expire();
            } else if (finished.get() == seen) {
                start(); // if it cannot: those at work may still come back before the deadline
            }
            seen = finished.get();
        }

        private synchronized void expire() {
            over = true;
            started.forEach(Worker::expire);
            end.countDown();
        }

        /** Goes through what nobody has claimed yet. */
        private final class Worker implements Runnable {
            private @Nullable FunctionMeter at; // guarded by this, like the next two
            private @Nullable Thread thread;
            private @Nullable Hang hang;

            @Override
            public void run() {
                HERE.set(new Reading(0, afterwards));
                try {
                    for (int i = next.getAndIncrement(); i < meters.size() && !over; i = next.getAndIncrement()) {
                        sample(meters.get(i));
                        if (finished.incrementAndGet() == meters.size()) {
                            end.countDown();
                        }
                    }
                } finally {
                    HERE.remove();
                }
            }

            private void sample(FunctionMeter meter) {
                if (!hanging.isEmpty() && rests(meter)) {
                    return; // the sweep's end makes it unknown
                }
                synchronized (this) {
                    if (over) {
                        return; // nobody would look after this function
                    }
                    at = meter;
                    thread = Thread.currentThread();
                }
                Runnable answer = null;
                try {
                    answer = meter.sample();
                } finally {
                    end(meter, answer);
                }
            }

            private synchronized void end(FunctionMeter meter, @Nullable Runnable answer) {
                at = null;
                thread = null;
                if (hang == null) {
                    if (answer != null) {
                        answer.run();
                    }
                    meter.sampledIn(number);
                } else {
                    // its late answer is of another time
                    Thread.interrupted(); // ours, and not for the next task of this thread
                    hang.restUntil = clock.monotonicNanos()
                            + deadline.multipliedBy(PAUSE).toNanos();
                    hang.ended = true;
                }
            }

            synchronized void expire() {
                if (at != null && thread != null) {
                    hang = new Hang();
                    hanging.put(at, hang);
                    Meter.Id id = at.getId();
                    afterwards.add(() -> mishaps.hangs(id, deadline, deadline.multipliedBy(PAUSE)));
                    thread.interrupt();
                }
            }
        }
    }
}
