// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.deploy.ReplicaStatus;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a target policy decides from: the replicas, and each metric in its own kind. A metric of replicas that nobody
 * tells replica by replica is taken as the mean of those that are ready. Confined to one reading.
 */
final class TargetReader {
    private static final String REPLICA = "replica";

    /** Of a utilization every metric of ours is percent of what the replica may use, so what it requested is 100. */
    private static final long REQUEST_MILLI = 100_000;

    private static final double MILLI = 1_000;

    private final MonitoringCenter monitoring;
    private final TargetPolicy policy;
    private final ApplicationId application;
    private final Instant now;
    private final List<ReplicaStatus> replicas;

    TargetReader(
            MonitoringCenter monitoring,
            TargetPolicy policy,
            ApplicationId application,
            Optional<DeploymentStatus> status,
            Instant now) {
        this.monitoring = monitoring;
        this.policy = policy;
        this.application = application;
        this.now = now;
        this.replicas = all(status);
    }

    TargetObservation read(int wanted) {
        return new TargetObservation(
                application,
                wanted,
                replicas.size(),
                facts(replicas, now),
                readings(policy.interval()),
                policy.panic().map(panic -> readings(panic.window())).orElse(List.of()));
    }

    /** What is known of each replica, for whoever counts those that are starting. */
    static List<ReplicaFacts> replicas(Optional<DeploymentStatus> status, Instant now) {
        return facts(all(status), now);
    }

    private static List<ReplicaStatus> all(Optional<DeploymentStatus> status) {
        return status.map(seen -> seen.versions().stream()
                        .flatMap(version -> version.replicas().stream())
                        .toList())
                .orElse(List.of());
    }

    private static List<ReplicaFacts> facts(List<ReplicaStatus> replicas, Instant now) {
        return replicas.stream().map(replica -> facts(replica, now)).toList();
    }

    /** Since when a replica is ready nobody tells; one that is not ready any more has been so at some time. */
    private static ReplicaFacts facts(ReplicaStatus replica, Instant now) {
        Optional<Instant> started = Optional.of(replica.startedAt());
        return switch (replica.phase()) {
            case STARTING -> facts(replica, ReplicaFacts.Phase.PENDING, started, Optional.empty());
            case READY ->
                facts(
                        replica,
                        ReplicaFacts.Phase.RUNNING,
                        started,
                        Optional.of(new ReplicaFacts.Readiness(true, replica.startedAt())));
            case NOT_READY ->
                facts(
                        replica,
                        ReplicaFacts.Phase.RUNNING,
                        started,
                        Optional.of(new ReplicaFacts.Readiness(false, now)));
            case DRAINING, STOPPING -> facts(replica, ReplicaFacts.Phase.TERMINATING, started, Optional.empty());
            case FAILED -> facts(replica, ReplicaFacts.Phase.FAILED, started, Optional.empty());
        };
    }

    private static ReplicaFacts facts(
            ReplicaStatus replica,
            ReplicaFacts.Phase phase,
            Optional<Instant> started,
            Optional<ReplicaFacts.Readiness> readiness) {
        return new ReplicaFacts(replica.id(), phase, started, readiness);
    }

    private List<MetricObservation> readings(Duration window) {
        List<MetricObservation> readings = new ArrayList<>();
        for (TargetMetric metric : policy.metrics()) {
            readings.add(reading(metric, window));
        }
        return readings;
    }

    private MetricObservation reading(TargetMetric metric, Duration window) {
        boolean whole = metric instanceof TargetMetric.Value || metric instanceof TargetMetric.ValuePerReplica;
        MetricQuery query = MetricQuery.parse(metric.name(), window).in(Scope.of(application));
        try {
            return monitoring
                    .query(whole ? query : query.by(Set.of(REPLICA)))
                    .fold(
                            samples -> whole ? whole(metric, samples) : perReplica(metric, samples, window),
                            none -> new MetricObservation.Failed(ReasonCode.METRIC_MISSING, none.reason()),
                            failed -> new MetricObservation.Failed(failed.why()));
        } catch (HyperionException e) {
            return new MetricObservation.Failed(String.valueOf(e.getMessage()));
        }
    }

    private MetricObservation whole(TargetMetric metric, MetricResult.Samples samples) {
        Sample sample = samples.all().get(0);
        if (samples.all().size() > 1) {
            return new MetricObservation.Failed(samples.all().size()
                    + " values where one is needed; name a statistic such as " + metric.name() + ".mean");
        }
        Optional<MetricObservation> wrong = wrong(sample);
        return wrong.orElseGet(() -> new MetricObservation.Whole(
                Math.round(value(sample) * MILLI), sample.takenAt(), source(sample.takenAt(), samples)));
    }

    private MetricObservation perReplica(TargetMetric metric, MetricResult.Samples samples, Duration window) {
        Map<String, Sample> usable = new HashMap<>();
        Instant oldest = now;
        Optional<MetricObservation> wrong = Optional.empty();
        for (Sample sample : samples.all()) {
            Optional<MetricObservation> here = wrong(sample);
            if (here.isEmpty()) {
                usable.put(sample.labels().getOrDefault(REPLICA, ""), sample);
                oldest = sample.takenAt().isBefore(oldest) ? sample.takenAt() : oldest;
            }
            wrong = wrong.or(() -> here);
        }
        if (usable.isEmpty() && wrong.isPresent()) {
            return wrong.get();
        }
        return new MetricObservation.PerReplica(
                replicas.stream()
                        .map(replica -> sample(metric, replica, usable, window))
                        .toList(),
                source(oldest, samples));
    }

    private static ReplicaSample sample(
            TargetMetric metric, ReplicaStatus replica, Map<String, Sample> byReplica, Duration window) {
        long request = metric instanceof TargetMetric.Utilization ? REQUEST_MILLI : -1;
        Sample mean = replica.ready() ? byReplica.get("") : null;
        Sample own = byReplica.get(replica.id());
        if (own == null) {
            // a router knows replicas by where they answer
            own = byReplica.getOrDefault(
                    replica.endpoint().map(Endpoint::toString).orElse(replica.id()), mean);
        }
        return own == null
                ? new ReplicaSample.Missing(request)
                : new ReplicaSample.Measured(Math.round(value(own) * MILLI), request, own.takenAt(), window);
    }

    private static double value(Sample sample) {
        return sample.value() instanceof SampleValue.Scalar scalar ? scalar.value() : Double.NaN;
    }

    private Optional<MetricObservation> wrong(Sample sample) {
        double value = value(sample);
        if (!Double.isFinite(value)) {
            return Optional.of(new MetricObservation.Failed(ReasonCode.METRIC_NOT_A_NUMBER, "the value is " + value));
        }
        Duration age = Duration.between(sample.takenAt(), now);
        return age.compareTo(policy.maxAge()) > 0
                ? Optional.of(new MetricObservation.Failed(
                        ReasonCode.METRIC_STALE,
                        "the reading is " + age.toSeconds() + " s old, more than "
                                + policy.maxAge().toSeconds() + " s"))
                : Optional.empty();
    }

    private String source(Instant takenAt, MetricResult.Samples samples) {
        return MetricReader.read(Duration.between(takenAt, now), samples);
    }
}
