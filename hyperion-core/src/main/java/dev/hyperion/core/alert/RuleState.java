// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * One rule and its state per label set.
 *
 * <p>A label set appears with its first sample and is forgotten when it has had no sample for a while and does not fire.
 * Without {@code by} there is one state, with no labels, from the start.
 *
 * <p>Thread-safety: thread-safe, blocking.
 */
final class RuleState {
    /** Evaluations without a sample after which an idle label set is forgotten. */
    private static final int FORGET_AFTER = 60;

    private final AlertRule rule;
    private final Condition condition;
    private final Instant addedAt;
    private final Map<Map<String, String>, Instance> instances = new LinkedHashMap<>();

    /** A label set that fired or resolved. */
    record Turn(AlertRule rule, Map<String, String> labels, HitCounter.Change change, OptionalDouble value) {}

    private static final class Instance {
        private final HitCounter hits;
        private AlertState state = AlertState.INACTIVE;
        private OptionalDouble value = OptionalDouble.empty();
        private Instant since;
        private int unseen;

        Instance(HitCounter hits, Instant since) {
            this.hits = hits;
            this.since = since;
        }

        void turn(AlertState next, Instant at) {
            if (state != next) {
                state = next;
                since = at;
            }
        }
    }

    RuleState(AlertRule rule, Condition condition, Instant now) {
        this.rule = rule;
        this.condition = condition;
        this.addedAt = now;
        if (rule.by().isEmpty()) {
            instances.put(Map.of(), instance(now));
        }
    }

    AlertRule rule() {
        return rule;
    }

    Condition condition() {
        return condition;
    }

    private Instance instance(Instant now) {
        return new Instance(new HitCounter(rule.hits(), rule.lasting()), now);
    }

    synchronized List<Turn> evaluate(MetricResult result, long nanos, Instant now) {
        Map<Map<String, String>, Double> values = new LinkedHashMap<>();
        if (result instanceof MetricResult.Samples samples) {
            for (Sample sample : samples.all()) {
                if (sample.value() instanceof SampleValue.Scalar scalar) {
                    values.put(new TreeMap<>(sample.labels()), scalar.value());
                }
            }
        }
        values.keySet().forEach(labels -> instances.computeIfAbsent(labels, l -> instance(now)));
        List<Turn> turns = new ArrayList<>();
        instances.forEach((labels, instance) -> {
            Double value = values.get(labels);
            HitCounter.Change change = instance.hits.evaluate(finding(value), nanos);
            instance.unseen = value == null ? instance.unseen + 1 : 0;
            instance.value = value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
            settle(instance, change, now);
            if (change != HitCounter.Change.NONE) {
                turns.add(new Turn(rule, labels, change, instance.value));
            }
        });
        instances
                .entrySet()
                .removeIf(each -> !rule.by().isEmpty()
                        && each.getValue().unseen > FORGET_AFTER
                        && !each.getValue().hits.firing());
        return turns;
    }

    private HitCounter.Finding finding(@org.jspecify.annotations.Nullable Double value) {
        if (value != null) {
            return condition.holds(value) ? HitCounter.Finding.HIT : HitCounter.Finding.CLEAR;
        }
        return switch (rule.onMissing()) {
            case KEEP -> HitCounter.Finding.MISSING;
            case FIRE -> HitCounter.Finding.HIT;
            case RESOLVE -> HitCounter.Finding.CLEAR;
        };
    }

    private static void settle(Instance instance, HitCounter.Change change, Instant now) {
        if (instance.hits.firing()) {
            instance.turn(AlertState.FIRING, now);
        } else if (change == HitCounter.Change.RESOLVED) {
            instance.turn(AlertState.RESOLVED, now);
        } else if (instance.hits.hits() > 0) {
            instance.turn(AlertState.PENDING, now);
        } else if (instance.state == AlertState.PENDING) {
            instance.turn(AlertState.INACTIVE, now);
        } // a resolved alert stays told as resolved until it is pending again
    }

    /** Goes on firing what fired before a restart, so that it is resolved and not fired again. */
    synchronized void resumeFiring(Map<String, String> labels, Instant since) {
        Instance instance = instances.computeIfAbsent(new TreeMap<>(labels), l -> instance(since));
        instance.hits.resumeFiring();
        instance.turn(AlertState.FIRING, since);
    }

    synchronized void resetHits(Instant now) {
        for (Instance instance : instances.values()) {
            instance.hits.resetHits();
            if (!instance.hits.firing()) {
                instance.turn(AlertState.INACTIVE, now);
            }
        }
    }

    synchronized List<AlertStatus> statuses() {
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
                    "",
                    Optional.empty()));
        }
        instances.forEach((labels, instance) -> statuses.add(new AlertStatus(
                rule,
                labels,
                instance.state,
                instance.hits.hits(),
                instance.value,
                instance.since,
                instance.value.isEmpty(),
                "",
                Optional.empty())));
        return statuses;
    }
}
