// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.monitoring.Silence;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alert rules and their evaluation: each is evaluated on the interval, never on a recording path, and what fired or
 * resolved goes to the pipeline. Rules with the same query share one question and its answer, and questions about the same
 * window are put one after the other, so that it is read once.
 *
 * <p>Thread-safety: thread-safe; evaluations do not overlap.
 */
public final class AlertEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertEngine.class);

    private final Map<String, RuleState> rules = new ConcurrentSkipListMap<>();
    private final Map<Question.Key, Question> questions = new LinkedHashMap<>();
    private List<Question> inOrder = List.of(); // guarded by questions, as is what follows
    private boolean ordered = true;
    private final Supplier<Readings> readings;
    private final Function<AlertRule, Condition> conditions;
    private final AlertSettings settings;
    private final AlertPipeline pipeline;
    private final AlertJournal journal;
    private final ClientBlocks blocks;
    private final Silences silences;
    private final HyperionClock clock;
    private final Executor executor;
    private final Evaluator evaluator;

    /**
     * Creates an engine without rules.
     *
     * @param readings begins to answer the questions of an evaluation
     * @param conditions reads a rule; throws if it makes no sense
     * @param parts settings, notifiers, journal and blocker
     * @param meters where it counts what it does
     * @param clock the clock of events
     * @param scheduler repeats deliveries and watches over questions
     * @param executor runs evaluations and deliveries
     */
    public AlertEngine(
            Supplier<Readings> readings,
            Function<AlertRule, Condition> conditions,
            AlertParts parts,
            MeterRegistry meters,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor) {
        this.readings = readings;
        this.conditions = conditions;
        this.settings = parts.settings();
        this.clock = clock;
        this.executor = executor;
        this.journal = parts.journal();
        this.silences = new Silences(journal, clock);
        this.blocks = new ClientBlocks(parts.blocker(), journal, clock, settings.blockLoopback());
        this.pipeline = new AlertPipeline(parts, meters, clock, scheduler, executor);
        this.evaluator = new Evaluator(
                readings, this::questions, this::judge, this::tell, settings, meters, clock, scheduler, executor);
        for (Severity severity : Severity.values()) {
            String word = severity.name().toLowerCase(Locale.ROOT);
            MetricCatalogue.ALERTS_FIRING.gauge(meters, this, engine -> engine.firing(severity), word);
        }
    }

    private double firing(Severity severity) {
        return rules.values().stream()
                .filter(state -> state.rule().severity() == severity)
                .mapToInt(RuleState::firing)
                .sum();
    }

    /**
     * Adds a rule, or replaces the one of that name; it is evaluated from the next interval on. What fires by the former one
     * goes on firing until the new one finds it clear.
     *
     * @param rule what to watch
     * @return the rule
     * @throws HyperionException if its condition makes no sense, or a notifier or contact does not exist
     */
    public AlertRule add(AlertRule rule) {
        pipeline.check(rule.name(), rule.notifiers());
        rule.contact().ifPresent(contact -> {
            if (!settings.contacts().containsKey(contact)) {
                throw new HyperionException(
                        "alert " + rule.name() + ": no contact is named '" + contact + "'; configured: "
                                + String.join(", ", settings.contacts().keySet()));
            }
        });
        Instant now = clock.now();
        RuleState state = new RuleState(rule, conditions, now);
        journal.ruleAdded(rule);
        List<RuleState.Turn> ended = List.of();
        Optional<Question> first = Optional.empty();
        synchronized (questions) {
            RuleState former = rules.get(rule.name());
            if (former != null) {
                leave(former);
                if (former.rule().by().equals(rule.by())) {
                    long nanos = clock.monotonicNanos();
                    former.toldFiring().forEach((series, since) -> state.resumeFiring(series, since, nanos));
                } else {
                    ended = former.ended(now);
                }
            }
            rules.put(rule.name(), state);
            Question question = questions.get(state.question());
            if (question == null) {
                question = new Question(state.question());
                question.asking(true);
                questions.put(question.key(), question);
                ordered = false;
                first = Optional.of(question);
            }
            question.rules().put(rule.name(), state);
        }
        tell(ended);
        first.ifPresent(this::askFirst);
        return rule;
    }

    private void leave(RuleState state) {
        Question question = questions.get(state.question());
        if (question != null
                && question.rules().remove(state.rule().name(), state)
                && question.rules().isEmpty()) {
            questions.remove(question.key());
            ordered = false;
        }
    }

    /** A source is slow when it is asked for the first time; the evaluation does not wait for that. */
    private void askFirst(Question question) {
        try {
            executor.execute(() -> {
                try {
                    question.ask(readings.get());
                } finally {
                    question.asking(false);
                }
            });
        } catch (RejectedExecutionException e) {
            question.asking(false);
        }
    }

    /**
     * Removes a rule; what people think is firing by it is told as resolved.
     *
     * @param name the rule's name
     * @return whether there was one
     */
    public boolean remove(String name) {
        journal.ruleRemoved(name);
        RuleState removed;
        synchronized (questions) {
            removed = rules.remove(name);
            if (removed != null) {
                leave(removed);
            }
        }
        if (removed == null) {
            return false;
        }
        tell(removed.ended(clock.now()));
        return true;
    }

    /**
     * Tells the state of every rule and label set, in order of the rules' names.
     *
     * @return the states as of the last evaluation
     */
    public List<AlertStatus> statuses() {
        Instant now = clock.now();
        return rules.values().stream()
                .flatMap(rule -> rule.statuses(silences, now).stream())
                .toList();
    }

    /** Evaluates every rule once on the executor, unless the last evaluation is still under way. Called on the interval. */
    public void tick() {
        evaluator.tick();
    }

    /**
     * Evaluates every rule once on this thread, unless an evaluation is under way. Asks sources, so it may block, but no
     * question for longer than its deadline: what hangs is left behind and the rest goes on elsewhere.
     */
    public void evaluate() {
        evaluator.evaluate();
    }

    private List<Question> questions() {
        synchronized (questions) {
            if (!ordered) {
                inOrder = byWindow();
                ordered = true;
            }
            return inOrder;
        }
    }

    private List<Question> byWindow() {
        Map<MetricQuery, List<Question>> windows = new LinkedHashMap<>();
        for (Question question : questions.values()) {
            windows.computeIfAbsent(question.key().window(), window -> new ArrayList<>(1))
                    .add(question);
        }
        List<Question> all = new ArrayList<>(questions.size());
        for (List<Question> window : windows.values()) {
            for (int i = 0; i < window.size(); i++) {
                window.get(i).followed(i < window.size() - 1);
            }
            all.addAll(window);
        }
        return List.copyOf(all);
    }

    /** What is to be told of an answer. */
    private List<RuleState.Turn> judge(Question question, Answer answer, RuleState.Moment moment) {
        List<RuleState.Turn> turns = List.of();
        for (RuleState rule : question.rules().values()) {
            List<RuleState.Turn> more = rule.evaluate(answer, moment, silences, pipeline.repeats());
            if (!more.isEmpty()) {
                turns = turns.isEmpty() ? new ArrayList<>() : turns;
                turns.addAll(more);
            }
        }
        return turns;
    }

    private void tell(List<RuleState.Turn> turns) {
        if (turns.isEmpty()) {
            return;
        }
        List<AlertEvent> events = new ArrayList<>();
        for (RuleState.Turn turn : turns) {
            AlertEvent event = AlertEvents.of(turn, settings.contacts());
            if (turn.again()) {
                pipeline.remind(event, turn.onlyTo());
            } else {
                events.add(event);
            }
        }
        if (!events.isEmpty()) {
            // first: after a crash in between, the alert fires anew; the other way round nobody would block
            events.forEach(blocks::act);
            pipeline.send(events);
        }
    }

    /**
     * Takes up what the journal has kept from before the last start: rules that were added at run time, silences, blocks,
     * alerts that fire, and events that somebody has yet to get. Called once, after the configured rules are added.
     */
    public void resume() {
        AlertJournal.Kept kept = journal.kept();
        silences.restore(kept.silences());
        blocks.restore(kept.blocks());
        for (AlertRule rule : kept.rules()) {
            RuleState known = rules.get(rule.name());
            if (known == null || known.rule().origin() != AlertOrigin.CONFIG) {
                try {
                    add(rule);
                } catch (HyperionException e) {
                    LOG.warn("alert rule {} of before the last start is not in force: {}", rule.name(), e.getMessage());
                }
            }
        }
        pipeline.enqueue(kept.undelivered());
        List<AlertEvent> orphans = new ArrayList<>();
        long nanos = clock.monotonicNanos();
        for (AlertEvent fired : kept.firing()) {
            RuleState state = rules.get(fired.rule().name());
            if (state != null && state.rule().by().equals(fired.rule().by())) {
                state.resumeFiring(fired.series(), fired.startedAt(), nanos);
            } else {
                orphans.add(AlertEvents.ended(fired, clock.now()));
            }
        }
        if (!orphans.isEmpty()) {
            pipeline.send(orphans);
        }
    }

    /**
     * Silences alerts until a time.
     *
     * @param silence what
     * @return the silence with its id
     * @throws HyperionException if its end has passed
     */
    public Silence silence(Silence silence) {
        return silences.add(silence);
    }

    /**
     * Ends a silence before its time.
     *
     * @param id its id
     * @return whether there was one
     */
    public boolean endSilence(String id) {
        return silences.end(id);
    }

    /**
     * What is silenced.
     *
     * @return those that have not ended, the one that ends first at the front
     */
    public List<Silence> silences() {
        return silences.all();
    }

    /** Forgets the hits of alerts that are not firing. */
    public void resetHits() {
        rules.values().forEach(rule -> rule.resetHits(clock.now()));
    }

    /** Sends nothing more; what is not delivered is sent after the next start. */
    @Override
    public void close() {
        pipeline.close();
    }
}
