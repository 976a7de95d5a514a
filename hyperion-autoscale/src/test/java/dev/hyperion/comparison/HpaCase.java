// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.MetricProposal;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.TargetDecider;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One row of a table of cases; {@code hpa/known-answers.txt} says how they are written. Made with exported names alone, as
 * somebody outside would.
 */
final class HpaCase {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final TargetPolicy.StartUp START =
            new TargetPolicy.StartUp(Duration.ofMinutes(2), Duration.ofSeconds(10));
    private static final long LONG_AGO = 3_600;
    private static final TargetHistory TOO_OLD = new TargetHistory(
            List.of(new TargetHistory.Change(NOON.minusSeconds(100_000), 1)), List.of(), List.of(), Optional.empty());

    private final String text;
    private final List<TargetMetric> metrics = new ArrayList<>();
    private final List<ReplicaFacts> replicas = new ArrayList<>();
    private final List<ReplicaSample> samples = new ArrayList<>();
    private final Set<Integer> failed = new HashSet<>();
    private final List<String> whole = new ArrayList<>();
    private int wanted;
    private int present;

    private HpaCase(String text) {
        this.text = text;
    }

    static void check(String row) {
        new HpaCase(row).check();
    }

    private void check() {
        String[] columns = text.split("\\|", -1);
        assertThat(columns).as(text).hasSize(5);
        TargetPolicy policy = policy(words(columns[1]));
        TargetObservation seen = seen(words(columns[2]));
        TargetHistory history = history(words(columns[3]));
        TargetOutcome outcome = TargetDecider.decide(policy, seen, history, NOON);
        List<String> expected = words(columns[4]);
        assertThat(expected).as(text).isNotEmpty();
        for (String each : expected) {
            int equals = each.indexOf('=');
            String what = each.substring(0, equals);
            String value = each.substring(equals + 1);
            assertThat(actual(outcome, what, value.split("/").length))
                    .as("%s of %s, which came to %s", what, text, outcome)
                    .isEqualTo(value);
        }
    }

    private static List<String> words(String column) {
        return column.isBlank() ? List.of() : List.of(column.trim().split("\\s+"));
    }

    private static String actual(TargetOutcome outcome, String what, int parts) {
        MetricProposal first =
                outcome.proposals().isEmpty() ? null : outcome.proposals().get(0);
        return switch (what) {
            case "raw" -> Integer.toString(outcome.raw());
            case "stab" -> Integer.toString(outcome.stabilized());
            case "lim" -> Integer.toString(outcome.limited());
            case "to" -> Integer.toString(outcome.target());
            case "able" -> outcome.ableToScale();
            case "limited" -> outcome.scalingLimited().orElse("-");
            case "counts" -> first.counted() + "/" + first.unready() + "/" + first.missing();
            case "ratio" -> Double.toString(first.ratio());
            case "again" -> Double.toString(first.adjustedRatio());
            default -> proposal(outcome.proposals().get(Integer.parseInt(what.substring(1)) - 1), parts);
        };
    }

    private static String proposal(MetricProposal proposal, int parts) {
        if (!proposal.usable()) {
            return "!";
        }
        return proposal.replicas()
                + (parts > 1 ? "/" + proposal.current() : "")
                + (parts > 2 ? "/" + proposal.average() : "");
    }

    private TargetPolicy policy(List<String> words) {
        String bounds = "2..6";
        String tolerance = "0.1/0.1";
        String up = "4p15+100%15,max,0";
        String down = "100%15,max,300";
        boolean plain = false;
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = word.substring(equals + 1);
            switch (key) {
                case "plain" -> plain = true;
                case "tol" -> tolerance = value;
                case "up" -> up = value;
                case "down" -> down = value;
                case "cpu" -> metrics.add(new TargetMetric.Utilization(key, Integer.parseInt(value), true));
                case "memory" -> metrics.add(new TargetMetric.Utilization(key, Integer.parseInt(value), false));
                case "cpu-average" -> metrics.add(new TargetMetric.PerReplica(key, Long.parseLong(value), true));
                case "pods" -> metrics.add(new TargetMetric.PerReplica(key, Long.parseLong(value), false));
                case "value" -> metrics.add(new TargetMetric.Value(key, Long.parseLong(value)));
                case "share" -> metrics.add(new TargetMetric.ValuePerReplica(key, Long.parseLong(value)));
                default -> bounds = word;
            }
        }
        String[] minMax = bounds.split("\\.\\.");
        String[] downUp = tolerance.split("/");
        TargetPolicy policy = TargetPolicy.of(metrics, Integer.parseInt(minMax[0]), Integer.parseInt(minMax[1]))
                .with(rules(up, Double.parseDouble(downUp[1])), rules(down, Double.parseDouble(downUp[0])))
                .with(metrics, START);
        return plain ? policy.asWithoutBehavior() : policy;
    }

    private static ScalingRules rules(String text, double tolerance) {
        String[] parts = text.split(",");
        List<ScalingRules.Limit> limits = new ArrayList<>();
        for (String limit : parts[0].split("\\+")) {
            String[] valueAndPeriod = limit.split("[p%]");
            limits.add(new ScalingRules.Limit(
                    limit.contains("%") ? ScalingRules.Unit.PERCENT : ScalingRules.Unit.REPLICAS,
                    Integer.parseInt(valueAndPeriod[0]),
                    Duration.ofSeconds(Long.parseLong(valueAndPeriod[1]))));
        }
        return new ScalingRules(
                Duration.ofSeconds(Long.parseLong(parts[2])),
                limits,
                ScalingRules.Select.valueOf(parts[1].toUpperCase(java.util.Locale.ROOT)),
                tolerance);
    }

    private TargetObservation seen(List<String> words) {
        String[] counts = words.get(0).split("/");
        wanted = Integer.parseInt(counts[0]);
        present = Integer.parseInt(counts[1]);
        for (String word : words.subList(1, words.size())) {
            if (word.startsWith("=")) {
                whole.add(word.substring(1));
            } else if (word.startsWith("!")) {
                failed.add(Integer.parseInt(word.substring(1)) - 1);
            } else {
                int times = word.indexOf('*');
                for (int i = times < 0 ? 1 : Integer.parseInt(word.substring(0, times)); i > 0; i--) {
                    replica(word.substring(times + 1).split(":"));
                }
            }
        }
        List<MetricObservation> readings = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < metrics.size(); i++) {
            boolean ofTheWhole = metrics.get(i) instanceof TargetMetric.Value
                    || metrics.get(i) instanceof TargetMetric.ValuePerReplica;
            if (failed.contains(i)) {
                readings.add(new MetricObservation.Failed("no answer"));
            } else {
                readings.add(ofTheWhole ? whole(whole.get(next++)) : new MetricObservation.PerReplica(samples));
            }
        }
        return TargetObservation.of(SHOP, wanted, present, replicas, readings);
    }

    private static MetricObservation whole(String text) {
        if (text.equals("!")) {
            return new MetricObservation.Failed("no answer");
        }
        List<Long> series = new ArrayList<>();
        for (String each : text.split("\\+")) {
            series.add(Long.parseLong(each));
        }
        return MetricObservation.Whole.sum(series, NOON);
    }

    private void replica(String[] parts) {
        ReplicaFacts.Phase phase = ReplicaFacts.Phase.RUNNING;
        Optional<Instant> started = Optional.of(NOON.minusSeconds(LONG_AGO));
        Instant since = NOON.minusSeconds(LONG_AGO - 60);
        Instant at = NOON;
        Duration window = Duration.ofSeconds(60);
        boolean ready = true;
        boolean looked = true;
        boolean lost = false;
        for (int i = 1; i < parts.length; i++) {
            String[] keyAndAgo = parts[i].split("=");
            switch (keyAndAgo[0]) {
                case "pending" -> phase = ReplicaFacts.Phase.PENDING;
                case "ended" -> phase = ReplicaFacts.Phase.FAILED;
                case "ending" -> phase = ReplicaFacts.Phase.TERMINATING;
                case "unready" -> {
                    ready = false;
                    since = started.orElse(NOON);
                }
                case "lost" -> {
                    ready = false;
                    lost = true;
                }
                case "hot" -> {
                    started = Optional.of(NOON);
                    since = NOON;
                }
                case "nocond" -> looked = false;
                case "nostart" -> started = Optional.empty();
                case "start" -> started = Optional.of(ago(keyAndAgo[1]));
                case "since" -> since = ago(keyAndAgo[1]);
                case "at" -> at = ago(keyAndAgo[1]);
                case "window" -> window = Duration.between(ago(keyAndAgo[1]), NOON);
                default -> throw new IllegalArgumentException(parts[i]);
            }
        }
        replicas.add(new ReplicaFacts(
                "r" + replicas.size(),
                phase,
                started,
                looked ? Optional.of(new ReplicaFacts.Readiness(ready, since, lost)) : Optional.empty()));
        String[] usedAndRequested = parts[0].split("/");
        long request = usedAndRequested[1].equals("x") ? -1 : Long.parseLong(usedAndRequested[1]);
        samples.add(
                usedAndRequested[0].equals("-")
                        ? new ReplicaSample.Missing(request)
                        : new ReplicaSample.Measured(Long.parseLong(usedAndRequested[0]), request, at, window));
    }

    private static Instant ago(String seconds) {
        return NOON.minusNanos(new BigDecimal(seconds).movePointRight(9).longValueExact());
    }

    private TargetHistory history(List<String> words) {
        if (words.contains("nothing")) {
            return TargetHistory.NONE;
        }
        List<TargetHistory.Change> recommended = new ArrayList<>();
        List<TargetHistory.Change> added = new ArrayList<>();
        List<TargetHistory.Change> removed = new ArrayList<>();
        int now = 0;
        for (String word : words) {
            if (word.startsWith("now")) {
                now = Integer.parseInt(word.substring(3));
                continue;
            }
            String[] countAndAgo = word.split("@");
            int count = Integer.parseInt(countAndAgo[0]);
            TargetHistory.Change change = new TargetHistory.Change(ago(countAndAgo[1]), Math.abs(count));
            (word.startsWith("+") ? added : word.startsWith("-") ? removed : recommended).add(change);
        }
        return new TargetHistory(
                        recommended.isEmpty() ? TOO_OLD.recommendations() : recommended,
                        added,
                        removed,
                        Optional.empty())
                .applied(wanted, wanted + now, NOON);
    }
}
