// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.Version;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What should run: one version of one application.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application the application
 * @param version the version
 * @param artifact what to run
 * @param environment a name for people, such as {@code production}; may be empty
 * @param cluster a name for the backend, such as {@code local}; may be empty
 * @param desiredReplicas how many replicas, 1 or more; empty to keep the count that there is, or 1
 * @param canary how it is tried first; empty to go straight to all traffic
 * @param maxParallel how many replicas are started at once, 1 or more
 * @param command what to run in the artifact's folder; empty for {@code bin/run}
 * @param env environment variables of the replicas
 * @param health how readiness is found out
 * @param rollbackTarget the version to go back to; empty for the stable one
 * @param reviewers who signs off; for the record
 */
public record DeploymentSpec(
        ApplicationId application,
        Version version,
        ArtifactRef artifact,
        String environment,
        String cluster,
        OptionalInt desiredReplicas,
        Optional<CanarySpec> canary,
        int maxParallel,
        List<String> command,
        Map<String, String> env,
        HealthSpec health,
        Optional<Version> rollbackTarget,
        List<String> reviewers) {
    /**
     * Copies the collections and checks the numbers.
     *
     * @throws HyperionException if a number is out of range or the version is its own rollback target
     */
    public DeploymentSpec {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(artifact, "artifact");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(canary, "canary");
        Objects.requireNonNull(health, "health");
        command = List.copyOf(command);
        env = Map.copyOf(env);
        reviewers = List.copyOf(reviewers);
        if (desiredReplicas.isPresent() && desiredReplicas.getAsInt() < 1) {
            throw new HyperionException("desired_replicas is " + desiredReplicas.getAsInt() + "; expected 1 or more");
        }
        if (maxParallel < 1) {
            throw new HyperionException("max_parallel is " + maxParallel + "; expected 1 or more");
        }
        if (rollbackTarget.filter(version::equals).isPresent()) {
            throw new HyperionException("rollback_target " + version + " is the version to be deployed; name another");
        }
    }

    /**
     * Starts a specification.
     *
     * @param application the application
     * @param version the version
     * @param artifact what to run
     * @return a builder
     */
    public static Builder of(ApplicationId application, Version version, ArtifactRef artifact) {
        return new Builder(application, version, artifact);
    }

    /** Builds a specification. Thread-safety: confined to one thread. */
    public static final class Builder {
        private final ApplicationId application;
        private final Version version;
        private final ArtifactRef artifact;
        private String environment = "";
        private String cluster = "";
        private OptionalInt desiredReplicas = OptionalInt.empty();
        private Optional<CanarySpec> canary = Optional.empty();
        private int maxParallel = 1;
        private List<String> command = List.of();
        private Map<String, String> env = Map.of();
        private HealthSpec health = HealthSpec.defaults();
        private Optional<Version> rollbackTarget = Optional.empty();
        private List<String> reviewers = List.of();

        private Builder(ApplicationId application, Version version, ArtifactRef artifact) {
            this.application = application;
            this.version = version;
            this.artifact = artifact;
        }

        /**
         * Names the environment.
         *
         * @param name for people
         * @return this builder
         */
        public Builder environment(String name) {
            this.environment = name;
            return this;
        }

        /**
         * Names the cluster.
         *
         * @param name for the backend
         * @return this builder
         */
        public Builder cluster(String name) {
            this.cluster = name;
            return this;
        }

        /**
         * Sets how many replicas there should be.
         *
         * @param replicas 1 or more
         * @return this builder
         */
        public Builder desiredReplicas(int replicas) {
            this.desiredReplicas = OptionalInt.of(replicas);
            return this;
        }

        /**
         * Tries the version on a share of the traffic first.
         *
         * @param spec how
         * @return this builder
         */
        public Builder canary(CanarySpec spec) {
            this.canary = Optional.of(spec);
            return this;
        }

        /**
         * Sets how many replicas are started at once.
         *
         * @param replicas 1 or more; 1 if not set
         * @return this builder
         */
        public Builder maxParallel(int replicas) {
            this.maxParallel = replicas;
            return this;
        }

        /**
         * Sets what to run.
         *
         * @param argv program and arguments
         * @return this builder
         */
        public Builder command(List<String> argv) {
            this.command = argv;
            return this;
        }

        /**
         * Sets environment variables of the replicas.
         *
         * @param variables by name
         * @return this builder
         */
        public Builder env(Map<String, String> variables) {
            this.env = variables;
            return this;
        }

        /**
         * Sets how readiness is found out.
         *
         * @param spec how
         * @return this builder
         */
        public Builder health(HealthSpec spec) {
            this.health = spec;
            return this;
        }

        /**
         * Names the version to go back to.
         *
         * @param target a version that ran before
         * @return this builder
         */
        public Builder rollbackTarget(Version target) {
            this.rollbackTarget = Optional.of(target);
            return this;
        }

        /**
         * Names who signs off.
         *
         * @param names for the record
         * @return this builder
         */
        public Builder reviewers(List<String> names) {
            this.reviewers = names;
            return this;
        }

        /**
         * Builds the specification.
         *
         * @return the specification
         * @throws HyperionException if it breaks the rules of {@link DeploymentSpec}
         */
        public DeploymentSpec build() {
            return new DeploymentSpec(
                    application,
                    version,
                    artifact,
                    environment,
                    cluster,
                    desiredReplicas,
                    canary,
                    maxParallel,
                    command,
                    env,
                    health,
                    rollbackTarget,
                    reviewers);
        }
    }
}
