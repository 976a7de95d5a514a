// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.AlertAction;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.ClientAddress;
import dev.hyperion.spi.ClientBlocker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alert rules and their evaluation: each rule is asked on the interval, never on a recording path, and what fired or
 * resolved goes to the pipeline.
 *
 * <p>Thread-safety: thread-safe; evaluations do not overlap.
 */
public final class AlertEngine {
    /** A quarter of an hour outlasts an attempt and does not lock an office out for the day. */
    private static final Duration BLOCKED_FOR = Duration.ofMinutes(15);

    private static final Logger LOG = LoggerFactory.getLogger(AlertEngine.class);

    private final Map<String, RuleState> rules = new ConcurrentSkipListMap<>();
    private final Function<MetricQuery, MetricResult> metrics;
    private final Function<AlertRule, Condition> conditions;
    private final AlertPipeline pipeline;
    private final AlertJournal journal;
    private final ClientBlocker blocker;
    private final HyperionClock clock;

    /**
     * Creates an engine without rules.
     *
     * @param metrics answers queries
     * @param conditions reads a rule; throws if it makes no sense
     * @param journal where events are written before they are sent
     * @param notifiers by the names that rules use
     * @param blocker keeps out the clients of rules with the action block-ip
     * @param clock the clock of events
     * @param scheduler repeats deliveries
     * @param executor runs deliveries
     * @param deadline how long one delivery may take
     */
    public AlertEngine(
            Function<MetricQuery, MetricResult> metrics,
            Function<AlertRule, Condition> conditions,
            AlertJournal journal,
            Map<String, AlertNotifier> notifiers,
            ClientBlocker blocker,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor,
            Duration deadline) {
        this.metrics = metrics;
        this.conditions = conditions;
        this.clock = clock;
        this.journal = journal;
        this.blocker = blocker;
        this.pipeline = new AlertPipeline(journal, notifiers, clock, scheduler, executor, deadline);
    }

    /**
     * Adds a rule, or replaces the one of that name; it is evaluated from the next interval on.
     *
     * @param rule what to watch
     * @return the rule
     * @throws HyperionException if its condition makes no sense, or a notifier does not exist
     */
    public AlertRule add(AlertRule rule) {
        pipeline.check(rule.name(), rule.notifiers());
        RuleState state = new RuleState(rule, conditions.apply(rule), clock.now());
        journal.ruleAdded(rule);
        rules.put(rule.name(), state);
        return rule;
    }

    /**
     * Removes a rule; what it has sent stays sent.
     *
     * @param name the rule's name
     * @return whether there was one
     */
    public boolean remove(String name) {
        journal.ruleRemoved(name);
        return rules.remove(name) != null;
    }

    /**
     * Tells the state of every rule and label set, in order of the rules' names.
     *
     * @return the states as of the last evaluation
     */
    public List<AlertStatus> statuses() {
        return rules.values().stream().flatMap(rule -> rule.statuses().stream()).toList();
    }

    /** Evaluates every rule once. Called on the interval, never on a recording path; asks sources, so it may block. */
    public synchronized void evaluate() {
        for (RuleState rule : rules.values()) {
            MetricResult result;
            try {
                result = metrics.apply(rule.condition().query());
            } catch (HyperionException e) {
                LOG.warn("alert {} cannot be evaluated: {}", rule.rule().name(), e.getMessage());
                result = new MetricResult.Failed(String.valueOf(e.getMessage()));
            }
            Instant now = clock.now();
            for (RuleState.Turn turn : rule.evaluate(result, clock.monotonicNanos(), now)) {
                AlertEvent event = event(turn, now);
                pipeline.send(event, turn.rule().notifiers());
                act(event);
            }
        }
    }

    private void act(AlertEvent event) {
        String client = event.labels().get("client");
        boolean blocks = event.rule().action().equals(Optional.of(AlertAction.BLOCK_IP));
        if (!blocks || event.state() != AlertState.FIRING || client == null) {
            return;
        }
        try {
            blocker.block(new ClientAddress(client), BLOCKED_FOR, event.text());
        } catch (HyperionException | IllegalArgumentException e) {
            LOG.warn("alert {} cannot block client {}: {}", event.rule().name(), client, e.getMessage());
        }
    }

    /** Sends an event of before the last start to those who have not settled it. */
    public void sendAgain(AlertEvent event, List<String> notifiers) {
        pipeline.enqueue(event, notifiers);
    }

    /** The id is that of the turn: the same turn told twice has the same id. */
    private static AlertEvent event(RuleState.Turn turn, Instant now) {
        AlertState state = turn.change() == HitCounter.Change.FIRED ? AlertState.FIRING : AlertState.RESOLVED;
        return AlertEvents.of(turn, state, now);
    }

    /** Forgets the hits of alerts that are not firing. */
    public void resetHits() {
        rules.values().forEach(rule -> rule.resetHits(clock.now()));
    }

    /** Sends nothing more; what is not delivered is sent after the next start. */
    public void close() {
        pipeline.close();
    }
}
