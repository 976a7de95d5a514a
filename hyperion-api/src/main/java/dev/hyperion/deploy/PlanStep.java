// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.Version;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One step of a plan. Each can be carried out again without changing what is already so. */
public sealed interface PlanStep {
    /**
     * What the step does, for people.
     *
     * @return one line, such as {@code send 10 % of the traffic to 1.4.0}
     */
    String describe();

    /**
     * The step's kind, as JSON and journal have it.
     *
     * @return such as {@code shift_traffic}
     */
    String kind();

    /**
     * Makes sure that the artifact of a version is at hand and has the digest of the plan.
     *
     * <p>Thread-safety: immutable.
     *
     * @param version the version
     * @param artifact its artifact, with the digest it must have
     */
    record PrepareArtifact(Version version, ArtifactRef artifact) implements PlanStep {
        @Override
        public String describe() {
            return "check that " + version + " (" + artifact.path() + ") is obtainable and unchanged";
        }

        @Override
        public String kind() {
            return "prepare_artifact";
        }
    }

    /**
     * Makes sure that a version has so many replicas.
     *
     * <p>Thread-safety: immutable.
     *
     * @param version the version
     * @param replicas how many, 1 or more; never fewer than there are
     */
    record StartReplicas(Version version, int replicas) implements PlanStep {
        @Override
        public String describe() {
            return "bring " + version + " to " + replicas + (replicas == 1 ? " replica" : " replicas");
        }

        @Override
        public String kind() {
            return "start_replicas";
        }
    }

    /**
     * Waits until so many replicas of a version are ready.
     *
     * <p>Thread-safety: immutable.
     *
     * @param version the version
     * @param replicas how many
     * @param timeout how long to wait, before the rollout has failed
     */
    record AwaitReady(Version version, int replicas, Duration timeout) implements PlanStep {
        @Override
        public String describe() {
            return "wait until " + replicas + " of " + version + " " + (replicas == 1 ? "is" : "are") + " ready, for "
                    + timeout.toSeconds() + " s at most";
        }

        @Override
        public String kind() {
            return "await_ready";
        }
    }

    /**
     * Shares the traffic out anew and waits until the router has it in force.
     *
     * <p>Thread-safety: immutable.
     *
     * @param weights the share of each version in 10,000ths; their sum is 10,000
     */
    record ShiftTraffic(Map<Version, Integer> weights) implements PlanStep {
        /**
         * Copies the shares.
         *
         * @throws IllegalArgumentException unless they sum to 10,000
         */
        public ShiftTraffic {
            weights = Map.copyOf(weights);
            int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
            if (sum != 10_000) {
                throw new IllegalArgumentException("traffic shares " + weights + " sum to " + sum + ", not 10,000");
            }
        }

        @Override
        public String describe() {
            Map<String, Integer> sorted = new TreeMap<>();
            weights.forEach((version, weight) -> sorted.put(version.value(), weight));
            return "send "
                    + sorted.entrySet().stream()
                            .map(each -> each.getValue() / 100.0 + " % of the traffic to " + each.getKey())
                            .collect(Collectors.joining(", "));
        }

        @Override
        public String kind() {
            return "shift_traffic";
        }
    }

    /**
     * Watches a new version on its share of the traffic; fails the rollout if it is bad.
     *
     * <p>Thread-safety: immutable.
     *
     * @param version the version
     * @param time how long it is watched, of observed time
     * @param analysis how it is judged
     */
    record Bake(Version version, Duration time, AnalysisSpec analysis) implements PlanStep {
        @Override
        public String describe() {
            return "watch " + version + " for " + time.toSeconds() + " s and at least " + analysis.minSamples()
                    + " requests";
        }

        @Override
        public String kind() {
            return "bake";
        }
    }

    /**
     * Takes replicas of a version out of service until so many are left: no new requests, requests in flight end, then
     * the processes do.
     *
     * <p>Thread-safety: immutable.
     *
     * @param version the version
     * @param keep how many stay, 0 or more
     * @param drainTimeout how long requests in flight may take
     */
    record DrainReplicas(Version version, int keep, Duration drainTimeout) implements PlanStep {
        @Override
        public String describe() {
            return keep == 0
                    ? "drain and stop the replicas of " + version
                    : "drain and stop replicas of " + version + " until " + keep + " are left";
        }

        @Override
        public String kind() {
            return "drain_replicas";
        }
    }

    /**
     * Removes what the backend keeps of a version that has no replicas any more; its artifact stays.
     *
     * <p>Thread-safety: immutable.
     *
     * @param version the version
     */
    record RetireVersion(Version version) implements PlanStep {
        @Override
        public String describe() {
            return "retire " + version;
        }

        @Override
        public String kind() {
            return "retire_version";
        }
    }

    /**
     * Notes the outcome: from here on the version is the stable one.
     *
     * <p>Thread-safety: immutable.
     *
     * @param stable the version
     * @param replicas how many replicas it has
     */
    record RecordOutcome(Version stable, int replicas) implements PlanStep {
        @Override
        public String describe() {
            return "note " + stable + " as stable, with " + replicas + (replicas == 1 ? " replica" : " replicas");
        }

        @Override
        public String kind() {
            return "record_outcome";
        }
    }
}
