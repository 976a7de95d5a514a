// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.TargetObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Judges one reading of one metric. Thread-safety: confined to one call. */
final class Guard {
    private final MetricGuard rules;
    private final GuardMemory before;
    private final boolean serving;
    private final Instant now;

    private Optional<ReasonCode> bad = Optional.empty();
    private boolean whole = true;
    private String because = "";
    private GuardMemory next;

    private Guard(MetricGuard rules, GuardMemory before, boolean serving, Instant now) {
        this.rules = rules;
        this.before = before;
        this.serving = serving;
        this.now = now;
        this.next = before;
    }

    /** What came of it: the reading as the policy is to see it, the verdict, and what to remember. */
    record Judged<T>(T reading, Verdict verdict, GuardMemory next) {}

    static Judged<Observation> judge(
            MetricGuard rules, GuardMemory before, Observation seen, Duration maxAge, Instant now) {
        Guard guard = new Guard(rules, before, seen.replicas() > 0, now);
        return guard.judge(seen, maxAge);
    }

    static Judged<MetricObservation> judge(
            MetricGuard rules, GuardMemory before, TargetObservation seen, MetricObservation reading, Instant now) {
        boolean serving = seen.replicas().stream().anyMatch(ReplicaFacts::runsAndIsReady);
        Guard guard = new Guard(rules, before, serving, now);
        return guard.judge(seen, reading);
    }

    private Judged<Observation> judge(Observation seen, Duration policyMaxAge) {
        MetricInput input = seen.input();
        Duration maxAge = rules.maxAge().orElse(policyMaxAge);
        boolean stale = false;
        if (seen.unusable().isPresent()) {
            bad(seen.unusable().get(), input.detail());
        } else if (input.value().isEmpty()) {
            bad(ReasonCode.METRIC_MISSING, input.detail());
        } else if (!Double.isFinite(input.value().getAsDouble())) {
            bad(ReasonCode.METRIC_NOT_A_NUMBER, "it reads " + input.value().getAsDouble());
        } else if (input.age().filter(age -> age.compareTo(maxAge) <= 0).isEmpty()) {
            bad(ReasonCode.METRIC_STALE, stale(input.age(), maxAge));
            stale = true;
        } else {
            believe(input.value().getAsDouble());
        }
        remember();
        Observation usable = seen;
        if (bad.isPresent()) {
            // going up on an old reading is allowed, so the policy is to follow it; going down is forbidden afterwards
            usable = stale && !holds()
                    ? new Observation(
                            seen.application(),
                            seen.replicas(),
                            new MetricInput(
                                    input.metric(),
                                    input.value(),
                                    input.takenAt(),
                                    Optional.of(Duration.ZERO),
                                    input.detail()),
                            Optional.empty(),
                            seen.hold())
                    : new Observation(seen.application(), seen.replicas(), input, bad, seen.hold());
        }
        return new Judged<>(usable, verdict(), next);
    }

    private Judged<MetricObservation> judge(TargetObservation seen, MetricObservation reading) {
        MetricObservation usable = reading;
        if (reading instanceof MetricObservation.Failed failed) {
            bad(failed.code(), failed.why());
        } else if (reading instanceof MetricObservation.Whole one) {
            Duration age = age(one.takenAt());
            if (rules.maxAge().filter(limit -> age.compareTo(limit) > 0).isPresent()) {
                bad(
                        ReasonCode.METRIC_STALE,
                        stale(Optional.of(age), rules.maxAge().get()));
                usable = holds() ? failed() : reading;
            } else if (!believe(one.milli() / 1_000.0)) {
                usable = failed();
            }
        } else if (reading instanceof MetricObservation.PerReplica each) {
            usable = judge(seen.replicas(), each);
        }
        remember();
        return new Judged<>(usable, verdict(), next);
    }

    private MetricObservation judge(List<ReplicaFacts> replicas, MetricObservation.PerReplica each) {
        List<ReplicaSample> fresh = new ArrayList<>(replicas.size());
        int running = 0;
        int usable = 0;
        int old = 0;
        double sum = 0;
        for (int i = 0; i < replicas.size(); i++) {
            ReplicaSample sample = each.samples().get(i);
            boolean runs = replicas.get(i).phase() == ReplicaFacts.Phase.RUNNING;
            running += runs ? 1 : 0;
            if (sample instanceof ReplicaSample.Measured measured) {
                if (rules.maxAge()
                        .filter(limit -> age(measured.takenAt()).compareTo(limit) > 0)
                        .isPresent()) {
                    sample = new ReplicaSample.Missing(measured.requestMilli());
                    old += runs ? 1 : 0;
                } else if (runs) {
                    usable++;
                    sum += measured.milli() / 1_000.0;
                }
            }
            fresh.add(sample);
        }
        if (usable < running) {
            whole = usable == 0;
            bad(
                    old > 0 ? ReasonCode.METRIC_STALE : ReasonCode.METRIC_MISSING,
                    (running - usable) + " of " + running + " running replicas have no "
                            + (old > 0 ? "recent sample" : "sample"));
        }
        if (usable > 0 && !believe(sum)) {
            return failed();
        }
        return old == 0 ? each : new MetricObservation.PerReplica(fresh, each.source());
    }

    private MetricObservation failed() {
        return new MetricObservation.Failed(bad.orElse(ReasonCode.METRIC_FAILED), because);
    }

    private boolean holds() {
        return rules.onBadData() instanceof MetricGuard.OnBadData.Hold;
    }

    private void bad(ReasonCode code, String why) {
        bad = Optional.of(code);
        because = why;
    }

    /** Takes a reading over into the memory, unless it is a zero that nobody should believe yet. */
    private boolean believe(double value) {
        Optional<MetricGuard.ZeroGuard> zero = rules.zero();
        boolean suspicious = value == 0
                && serving
                && zero.isPresent()
                && before.last().orElse(0) >= zero.get().substantial();
        if (suspicious) {
            Instant since = before.zeroSince().orElse(now);
            if (elapsed(since).compareTo(zero.get().disbelief()) < 0) {
                whole = true;
                bad(
                        ReasonCode.METRIC_SUSPICIOUS_ZERO,
                        "it fell from " + before.last().orElse(0) + " to 0 while replicas serve; not believed until "
                                + since.plus(zero.get().disbelief()));
                next = new GuardMemory(rules.metric(), before.badSince(), Optional.of(since), before.last());
                return false;
            }
        }
        next = new GuardMemory(rules.metric(), before.badSince(), Optional.empty(), OptionalDouble.of(value));
        return true;
    }

    private void remember() {
        boolean unusable = bad.isPresent() && whole;
        next = new GuardMemory(
                rules.metric(),
                unusable ? Optional.of(before.badSince().orElse(now)) : Optional.empty(),
                next.zeroSince(),
                next.last());
    }

    private Verdict verdict() {
        OptionalInt fallback = OptionalInt.empty();
        if (rules.onBadData() instanceof MetricGuard.OnBadData.Fallback rule
                && next.badSince()
                        .filter(since -> elapsed(since).compareTo(rule.after()) >= 0)
                        .isPresent()) {
            fallback = OptionalInt.of(rule.replicas());
        }
        return new Verdict(rules.metric(), bad, whole, bad.isPresent() && whole && holds(), fallback, because);
    }

    /** A clock that jumped back has seen no time pass. */
    private Duration elapsed(Instant since) {
        Duration elapsed = Duration.between(since, now);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }

    private Duration age(Instant takenAt) {
        return elapsed(takenAt);
    }

    private static String stale(Optional<Duration> age, Duration maxAge) {
        return age.map(each -> "it is " + each.toSeconds() + " s old").orElse("its age is not known") + ", and at most "
                + maxAge.toSeconds() + " s are allowed";
    }
}
