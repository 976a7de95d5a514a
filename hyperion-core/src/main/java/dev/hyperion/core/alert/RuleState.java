// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One rule and its state per label set.
 *
 * <p>A label set appears with its first sample and is forgotten when it has had no sample for a while and neither fires nor
 * is thought to fire by anybody. Without {@code by} there is one state, with no labels, from the start.
 *
 * <p>What people were told is kept beside what is so: a silence holds the telling back, and what differs when it ends is told
 * then.
 *
 * <p>Thread-safety: thread-safe, blocking.
 */
final class RuleState {
    /** Evaluations without a sample after which an idle label set is forgotten. */
    private static final int FORGET_AFTER = 60;

    private final AlertRule rule;
    private final Function<AlertRule, Condition> reader;
    private final Instant addedAt;
    private final Map<Map<String, String>, Instance> instances = new LinkedHashMap<>();
    private Condition condition;
    private boolean certain;
    private String unfit = "";
    private String missing = "";

    /** What is to be told of a label set: that it fires or is over, or again that it fires. */
    record Turn(
            AlertRule rule,
            Condition condition,
            Map<String, String> series,
            AlertState state,
            OptionalDouble value,
            Instant at,
            Instant startedAt,
            Set<String> onlyTo,
            boolean again) {}

    /** The moment of an evaluation: its nominal time for what lasts, and the wall clock's for people. */
    record Moment(long nanos, Instant now) {}

    private static final class Instance {
        private final HitCounter hits;
        private final Map<String, String> labels;
        private AlertState state = AlertState.INACTIVE;
        private OptionalDouble value = OptionalDouble.empty();
        private Instant since;
        private Instant firingSince;
        private boolean told;
        private int unseen;
        /** When it was taken over from before a restart, until there is data again. */
        private @Nullable Long resumedNanos;

        private final Map<String, Long> toldNanos = new HashMap<>(0);

        Instance(HitCounter hits, Map<String, String> labels, Instant since) {
            this.hits = hits;
            this.labels = labels;
            this.since = since;
            this.firingSince = since;
        }

        void turn(AlertState next, Instant at) {
            if (state != next) {
                state = next;
                since = at;
                if (next == AlertState.FIRING) {
                    firingSince = at;
                }
            }
        }
    }

    RuleState(AlertRule rule, Function<AlertRule, Condition> reader, Instant now) {
        this.rule = rule;
        this.reader = reader;
        this.condition = reader.apply(rule);
        this.addedAt = now;
        if (rule.by().isEmpty()) {
            instance(Map.of(), now);
        }
    }

    AlertRule rule() {
        return rule;
    }

    Question.Key question() {
        return new Question.Key(condition.query(), condition.divisor());
    }

    private Instance instance(Map<String, String> series, Instant now) {
        Instance known = instances.get(series);
        if (known == null) {
            known = new Instance(
                    new HitCounter(rule.hits(), rule.lasting(), rule.keepFiringFor()),
                    AlertEvents.labels(rule, series),
                    now);
            instances.put(series, known);
        }
        return known;
    }

    /**
     * Takes in one evaluation's answer.
     *
     * @param repeats notifiers that want to hear of a firing alert again, and how often
     * @return what is to be told now; it counts as told
     */
    synchronized List<Turn> evaluate(Answer answer, Moment moment, Silences silences, Map<String, Duration> repeats) {
        if (!certain && !answer.values().isEmpty()) {
            readAgain();
        }
        missing = unfit.isEmpty() ? answer.missing() : unfit;
        Map<Map<String, String>, Double> values = unfit.isEmpty() ? answer.values() : Map.of();
        if (!rule.by().isEmpty()) {
            for (Map<String, String> series : values.keySet()) {
                instance(series, moment.now());
            }
        }
        List<Turn> turns = List.of();
        boolean forgotten = false;
        for (Map.Entry<Map<String, String>, Instance> each : instances.entrySet()) {
            Instance instance = each.getValue();
            evaluate(instance, values.get(each.getKey()), moment);
            Turn turn = untold(each.getKey(), instance, moment, silences, repeats);
            if (turn != null) {
                turns = turns.isEmpty() ? new ArrayList<>() : turns;
                turns.add(turn);
            }
            forgotten |= idle(instance);
        }
        if (forgotten) {
            instances.values().removeIf(this::idle);
        }
        return turns;
    }

    /** Before there was a meter its unit was not known. */
    private void readAgain() {
        certain = true;
        try {
            condition = reader.apply(rule);
        } catch (HyperionException e) {
            unfit = String.valueOf(e.getMessage());
        }
    }

    private boolean idle(Instance instance) {
        return instance.unseen > FORGET_AFTER && !rule.by().isEmpty() && !instance.hits.firing() && !instance.told;
    }

    private void evaluate(Instance instance, @Nullable Double value, Moment moment) {
        HitCounter.Change change = value == null && hasLapsed(instance, moment)
                ? instance.hits.resolve()
                : instance.hits.evaluate(finding(value, instance.hits.firing()), moment.nanos());
        if (value == null) {
            instance.unseen++;
            instance.value = OptionalDouble.empty();
        } else {
            instance.unseen = 0;
            instance.value = OptionalDouble.of(value);
            instance.resumedNanos = null;
        }
        if (instance.hits.firing()) {
            instance.turn(AlertState.FIRING, moment.now());
        } else if (change == HitCounter.Change.RESOLVED) {
            instance.turn(AlertState.RESOLVED, moment.now());
        } else if (instance.hits.hits() > 0) {
            instance.turn(AlertState.PENDING, moment.now());
        } else if (instance.state == AlertState.PENDING) {
            instance.turn(AlertState.INACTIVE, moment.now());
        } // a resolved alert stays told as resolved until it is pending again
    }

    /**
     * Whether an alert of before a restart has had no data for a whole window: counters come to be with their first event, so
     * a new process whose errors are over would never tell.
     */
    private boolean hasLapsed(Instance instance, Moment moment) {
        return instance.resumedNanos != null
                && instance.hits.firing()
                && moment.nanos() - instance.resumedNanos
                        >= condition.query().window().toNanos();
    }

    private HitCounter.Finding finding(@Nullable Double value, boolean firing) {
        if (value != null) {
            return condition.holds(value, firing) ? HitCounter.Finding.HIT : HitCounter.Finding.CLEAR;
        }
        return switch (rule.onMissing()) {
            case KEEP -> HitCounter.Finding.MISSING;
            case FIRE -> HitCounter.Finding.HIT;
            case RESOLVE -> HitCounter.Finding.CLEAR;
        };
    }

    private @Nullable Turn untold(
            Map<String, String> series,
            Instance instance,
            Moment moment,
            Silences silences,
            Map<String, Duration> repeats) {
        boolean firing = instance.hits.firing();
        if (firing == instance.told && (!firing || repeats.isEmpty())) {
            return null;
        }
        if (silences.covering(rule, instance.labels, moment.now()).isPresent()) {
            return null;
        }
        if (firing != instance.told) {
            instance.told = firing;
            instance.toldNanos.clear();
            if (firing) {
                repeats.keySet().forEach(name -> instance.toldNanos.put(name, moment.nanos()));
            }
            return turn(series, instance, firing, instance.since, Set.of(), false);
        }
        Set<String> due = new TreeSet<>();
        repeats.forEach((name, every) -> {
            Long last = instance.toldNanos.get(name);
            if (last == null || moment.nanos() - last >= every.toNanos()) {
                due.add(name);
                instance.toldNanos.put(name, moment.nanos());
            }
        });
        return due.isEmpty() ? null : turn(series, instance, true, moment.now(), due, true);
    }

    private Turn turn(
            Map<String, String> series,
            Instance instance,
            boolean firing,
            Instant at,
            Set<String> onlyTo,
            boolean again) {
        return new Turn(
                rule,
                condition,
                series,
                firing ? AlertState.FIRING : AlertState.RESOLVED,
                instance.value,
                at,
                instance.firingSince,
                onlyTo,
                again);
    }

    /** Goes on firing what fired before a restart or a change, so that it is resolved and not fired again. */
    synchronized void resumeFiring(Map<String, String> series, Instant since, long nanos) {
        Instance instance = instance(series, since);
        instance.hits.resumeFiring();
        instance.turn(AlertState.FIRING, since);
        instance.told = true;
        instance.resumedNanos = nanos;
    }

    /** What people think is firing, since when. */
    synchronized Map<Map<String, String>, Instant> toldFiring() {
        Map<Map<String, String>, Instant> firing = new LinkedHashMap<>();
        instances.forEach((series, instance) -> {
            if (instance.told) {
                firing.put(series, instance.firingSince);
            }
        });
        return firing;
    }

    /** The turns that end everything that people think is firing, when the rule is no more. */
    synchronized List<Turn> ended(Instant now) {
        List<Turn> turns = new ArrayList<>();
        instances.forEach((series, instance) -> {
            if (instance.told) {
                instance.told = false;
                turns.add(turn(series, instance, false, now, Set.of(), false));
            }
        });
        return turns;
    }

    synchronized void resetHits(Instant now) {
        for (Instance instance : instances.values()) {
            instance.hits.resetHits();
            if (!instance.hits.firing()) {
                instance.turn(AlertState.INACTIVE, now);
            }
        }
    }

    synchronized int firing() {
        int firing = 0;
        for (Instance instance : instances.values()) {
            firing += instance.hits.firing() ? 1 : 0;
        }
        return firing;
    }

    synchronized List<AlertStatus> statuses(Silences silences, Instant now) {
        List<AlertStatus> statuses = new ArrayList<>();
        if (instances.isEmpty()) {
            // a rule by labels that have not been seen yet is there all the same, and nothing is wrong
            statuses.add(new AlertStatus(
                    rule,
                    Map.of(),
                    AlertState.INACTIVE,
                    0,
                    OptionalDouble.empty(),
                    addedAt,
                    true,
                    missing,
                    silences.covering(rule, rule.labels(), now)));
        }
        instances.forEach((series, instance) -> statuses.add(new AlertStatus(
                rule,
                series,
                instance.state,
                instance.hits.hits(),
                instance.value,
                instance.since,
                instance.value.isEmpty(),
                instance.value.isEmpty() ? missing : "",
                silences.covering(rule, instance.labels, now))));
        return statuses;
    }
}
