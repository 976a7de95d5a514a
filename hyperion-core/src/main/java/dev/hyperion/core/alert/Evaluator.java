// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks through the questions, one evaluation at a time.
 *
 * <p>A question that does not come back by its deadline, such as a gauge that hangs, is left behind with the thread that asks
 * it: its rules have no data, the rest of the evaluation goes on in another thread, and it is not asked again before it has
 * come back. So one that hangs costs the others its deadline once, and nothing after that.
 *
 * <p>What lasts is measured in nominal time: an evaluation that comes within a tenth of the interval of when it was due
 * counts as on time. Else {@code for: 30s} at 10 s would take 30 s or 40 s, depending on a millisecond.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Evaluator {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluator.class);

    private final Supplier<Readings> readings;
    private final Supplier<List<Question>> questions;
    private final Judge judge;
    private final Consumer<List<RuleState.Turn>> tell;
    private final Duration deadline;
    private final long intervalNanos;
    private final HyperionClock clock;
    private final TaskScheduler scheduler;
    private final Executor executor;
    private final Timer evaluations;
    private final Counter skipped;
    private final AtomicBoolean busy = new AtomicBoolean();
    private boolean begun;
    private long lastNanos;
    private long nominalNanos;

    /** Takes in an answer and says what is to be told. */
    interface Judge {
        List<RuleState.Turn> take(Question question, Answer answer, RuleState.Moment moment);
    }

    Evaluator(
            Supplier<Readings> readings,
            Supplier<List<Question>> questions,
            Judge judge,
            Consumer<List<RuleState.Turn>> tell,
            AlertSettings settings,
            MeterRegistry meters,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor) {
        this.readings = readings;
        this.questions = questions;
        this.judge = judge;
        this.tell = tell;
        this.deadline = settings.queryDeadline();
        this.intervalNanos = settings.interval().toNanos();
        this.clock = clock;
        this.scheduler = scheduler;
        this.executor = executor;
        this.evaluations = MetricCatalogue.ALERT_EVALUATION.timer(meters);
        this.skipped = MetricCatalogue.ALERT_EVALUATIONS_SKIPPED.counter(meters);
    }

    void tick() {
        if (begins()) {
            hand(this::begin);
        }
    }

    void evaluate() {
        if (begins()) {
            begin();
        }
    }

    private boolean begins() {
        boolean free = busy.compareAndSet(false, true);
        if (!free) {
            skipped.increment();
        }
        return free;
    }

    private void hand(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            skipped.increment();
            busy.set(false);
        }
    }

    private void begin() {
        long now = clock.monotonicNanos();
        List<RuleState.Turn> turns = new ArrayList<>();
        RuleState.Moment moment = new RuleState.Moment(nominal(now), clock.now());
        new Walk(questions.get().iterator(), moment, now, turns).go();
    }

    /** Only the one evaluation that is under way comes here. */
    private long nominal(long now) {
        if (!begun) {
            begun = true;
            nominalNanos = now;
        } else {
            long passed = now - lastNanos;
            long intervals = Math.round((double) passed / intervalNanos);
            long late = passed - intervals * intervalNanos;
            nominalNanos += intervals > 0 && Math.abs(late) <= intervalNanos / 10 ? intervals * intervalNanos : passed;
        }
        lastNanos = now;
        return nominalNanos;
    }

    /** One thread's part of an evaluation: all of it, unless a question hangs. */
    private final class Walk {
        private final Iterator<Question> rest;
        private final RuleState.Moment moment;
        private final long beganNanos;
        private final List<RuleState.Turn> turns;
        private @Nullable Question asked;
        private @Nullable Thread thread;
        private long askedNanos;
        private boolean abandoned;
        private boolean over;

        Walk(Iterator<Question> rest, RuleState.Moment moment, long beganNanos, List<RuleState.Turn> turns) {
            this.rest = rest;
            this.moment = moment;
            this.beganNanos = beganNanos;
            this.turns = turns;
        }

        void go() {
            Readings asked = readings.get(); // one for each thread
            TaskScheduler.Task watch = scheduler.once("alert questions", deadline, this::look);
            try {
                while (true) {
                    Question question = next();
                    if (question == null) {
                        break;
                    }
                    if (question.asking()) {
                        take(question, Answer.none("there is no answer yet"));
                        continue;
                    }
                    Answer answer = question.ask(asked);
                    if (!answered(question)) {
                        return;
                    }
                    take(question, answer);
                }
            } catch (RuntimeException e) {
                // a defect of ours; the next evaluation starts afresh
                LOG.error("an evaluation of the alert rules failed", e);
            } finally {
                watch.cancel();
            }
            finish();
        }

        private synchronized void end() {
            over = true;
        }

        private synchronized @Nullable Question next() {
            if (!rest.hasNext()) {
                return null;
            }
            Question question = rest.next();
            asked = question;
            askedNanos = clock.monotonicNanos();
            thread = Thread.currentThread();
            return question;
        }

        private synchronized boolean answered(Question question) {
            asked = null;
            thread = null;
            if (abandoned) {
                question.asking(false);
                Thread.interrupted(); // meant for the question, not for what this thread does next
            }
            return !abandoned;
        }

        private void take(Question question, Answer answer) {
            turns.addAll(judge.take(question, answer, moment));
        }

        /** Looks whether a question hangs. */
        private void look() {
            Question hanging;
            synchronized (this) {
                if (over || abandoned) {
                    return;
                }
                Question current = asked;
                Duration left = current == null || current.asking()
                        ? deadline
                        : deadline.minusNanos(clock.monotonicNanos() - askedNanos);
                if (current == null || left.compareTo(Duration.ZERO) > 0) {
                    scheduler.once("alert questions", left, this::look);
                    return;
                }
                abandoned = true;
                hanging = current;
                hanging.asking(true);
                if (thread != null) {
                    thread.interrupt();
                }
            }
            LOG.warn(
                    "alert question {} is not answered after {} ms; its rules have no data until it is",
                    hanging,
                    deadline.toMillis());
            hand(() -> {
                take(hanging, Answer.none("it was not answered within " + deadline.toMillis() + " ms"));
                new Walk(rest, moment, beganNanos, turns).go();
            });
        }

        private void finish() {
            end();
            try {
                tell.accept(turns);
            } catch (RuntimeException e) {
                // a defect of ours; what is not told now differs still at the next start
                LOG.error("alerts could not be told", e);
            } finally {
                evaluations.record(clock.monotonicNanos() - beganNanos, TimeUnit.NANOSECONDS);
                busy.set(false);
            }
        }
    }
}
