// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.ApplicationId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Replicas and their samples of one metric, for tests. */
final class Fleet {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final ApplicationId SHOP = new ApplicationId("shop");
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final List<ReplicaFacts> replicas = new ArrayList<>();
    private final List<ReplicaSample> samples = new ArrayList<>();
    private int wanted = -1;

    /** Replicas that have been ready for an hour, each using so much of a request of 1. */
    Fleet ready(long... milli) {
        for (long each : milli) {
            add(ReplicaFacts.Phase.RUNNING, 3_600, true, 3_500, new ReplicaSample.Measured(each, 1_000, NOON, WINDOW));
        }
        return this;
    }

    /** Replicas that have been ready for an hour and have no sample. */
    Fleet missing(int count) {
        for (int i = 0; i < count; i++) {
            add(ReplicaFacts.Phase.RUNNING, 3_600, true, 3_500, new ReplicaSample.Missing(1_000));
        }
        return this;
    }

    Fleet pending(int count) {
        for (int i = 0; i < count; i++) {
            replicas.add(new ReplicaFacts(
                    "r" + replicas.size(), ReplicaFacts.Phase.PENDING, Optional.empty(), Optional.empty()));
            samples.add(new ReplicaSample.Missing(1_000));
        }
        return this;
    }

    /** A running replica: started and last changed its readiness so many seconds ago, with a sample of 30 s just taken. */
    Fleet running(long startedAgo, boolean ready, long readinessAgo, long milli) {
        return add(
                ReplicaFacts.Phase.RUNNING,
                startedAgo,
                ready,
                readinessAgo,
                new ReplicaSample.Measured(milli, 1_000, NOON, WINDOW));
    }

    Fleet in(ReplicaFacts.Phase phase, long milli) {
        return add(phase, 3_600, true, 3_500, new ReplicaSample.Measured(milli, 1_000, NOON, WINDOW));
    }

    private Fleet add(
            ReplicaFacts.Phase phase, long startedAgo, boolean ready, long readinessAgo, ReplicaSample sample) {
        replicas.add(new ReplicaFacts(
                "r" + replicas.size(),
                phase,
                Optional.of(NOON.minusSeconds(startedAgo)),
                Optional.of(new ReplicaFacts.Readiness(ready, NOON.minusSeconds(readinessAgo)))));
        samples.add(sample);
        return this;
    }

    Fleet requesting(long requestMilli) {
        for (int i = 0; i < samples.size(); i++) {
            samples.set(
                    i,
                    samples.get(i) instanceof ReplicaSample.Measured measured
                            ? new ReplicaSample.Measured(
                                    measured.milli(), requestMilli, measured.takenAt(), measured.window())
                            : new ReplicaSample.Missing(requestMilli));
        }
        return this;
    }

    Fleet wanting(int count) {
        this.wanted = count;
        return this;
    }

    MetricObservation reading() {
        return new MetricObservation.PerReplica(samples);
    }

    TargetObservation seen() {
        return seen(reading());
    }

    TargetObservation seen(MetricObservation... readings) {
        int count = wanted < 0 ? replicas.size() : wanted;
        return TargetObservation.of(SHOP, count, replicas.size(), replicas, List.of(readings));
    }
}
