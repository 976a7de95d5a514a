// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConfigException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.core.config.SecretReferences;
import dev.hyperion.core.config.YamlFile;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.TraceContext;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.Leadership;
import dev.hyperion.spi.ScalingPolicies;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Hyperion inside this process: monitoring always; scaling, deploying and HTTP endpoints as configured.
 *
 * <pre>{@code
 * try (Hyperion hyperion = Hyperion.start(Path.of("hyperion.yaml"))) {
 *     Timer latency = hyperion.monitoring().meters().timer("latency");
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safety: thread-safe.
 */
public final class Hyperion implements AutoCloseable {
    private final RunningInstance running;

    private Hyperion(RunningInstance running) {
        this.running = running;
    }

    /**
     * Starts with the defaults: monitoring, in memory, without HTTP.
     *
     * @return a running instance; the caller closes it
     */
    public static Hyperion start() {
        return builder().start();
    }

    /**
     * Starts as a file says.
     *
     * @param file the configuration, such as {@code hyperion.yaml}
     * @return a running instance; the caller closes it
     * @throws ConfigException with everything that is wrong in the file; then nothing was started
     */
    public static Hyperion start(Path file) {
        return builder().config(file).start();
    }

    /**
     * Starts in steps.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * What is measured.
     *
     * @return the monitoring center
     */
    public MonitoringCenter monitoring() {
        return running.monitoring();
    }

    /**
     * Who scales an application.
     *
     * @param application which, by name
     * @return empty if no policy covers it
     */
    public Optional<AutoScaler> autoScaler(String application) {
        return running.autoScaler(new ApplicationId(application));
    }

    /**
     * What is deployed.
     *
     * @return empty if neither backend nor router are configured
     */
    public Optional<DeploymentManager> deployments() {
        return running.deployments();
    }

    /**
     * Whether this instance may act.
     *
     * @return held, or waited for
     */
    public Leadership leadership() {
        return running.leadership();
    }

    /**
     * Where the HTTP endpoints are.
     *
     * @return empty if there are none
     */
    public Optional<URI> address() {
        return running.address();
    }

    /** Stops everything in this process. Replicas and routers serve on. */
    @Override
    public void close() {
        running.close();
    }

    /** Builds an instance. Thread-safety: confined to one thread. */
    public static final class Builder {
        private ConfigNode.Mapping config = ConfigNode.Mapping.empty();
        private Optional<Path> file = Optional.empty();
        private Optional<Path> dataFolder = Optional.empty();
        private boolean mustLead;
        private OptionalInt httpPort = OptionalInt.empty();
        private Map<String, String> environment = System.getenv();
        private @Nullable TraceContext traces;

        private Builder() {}

        /**
         * Configures from a file, read when the instance is started.
         *
         * @param path the file
         * @return this builder
         */
        public Builder config(Path path) {
            this.file = Optional.of(path);
            return this;
        }

        /**
         * Configures in code.
         *
         * @param values as a file would have them: strings, numbers, booleans, lists and maps
         * @return this builder
         */
        public Builder config(Map<String, ?> values) {
            this.config = ConfigNode.Mapping.of(values);
            return this;
        }

        /**
         * Sets where state is kept.
         *
         * @param folder created if it is not there
         * @return this builder
         */
        public Builder dataFolder(Path folder) {
            this.dataFolder = Optional.of(folder);
            return this;
        }

        /**
         * Fails the start if another process leads on the same data.
         *
         * @return this builder
         */
        public Builder mustLead() {
            this.mustLead = true;
            return this;
        }

        /**
         * Serves the HTTP endpoints, on this port whatever the configuration says.
         *
         * @param port the port; 0 for any
         * @return this builder
         */
        public Builder httpPort(int port) {
            this.httpPort = OptionalInt.of(port);
            return this;
        }

        /**
         * Sets where {@code ${NAME}} comes from.
         *
         * @param variables by name; the process's own if not set
         * @return this builder
         */
        public Builder environment(Map<String, String> variables) {
            this.environment = variables;
            return this;
        }

        /**
         * Links records to traces: timers, summaries and counters keep a few exemplars per interval.
         *
         * @param context tells the trace that the recording thread works for
         * @return this builder
         */
        public Builder traces(TraceContext context) {
            this.traces = context;
            return this;
        }

        /**
         * Starts.
         *
         * @return a running instance; the caller closes it
         * @throws ConfigException with everything that is wrong in the configuration; then nothing was started
         * @throws dev.hyperion.HyperionException if something cannot be started, such as a port that is in use
         */
        public Hyperion start() {
            SecretReferences secrets = secrets();
            ConfigNode.Mapping source =
                    file.map(path -> YamlFile.read(path, secrets)).orElse(config);
            return new Hyperion(
                    RunningInstance.start(Settings.read(source, httpPort), secrets, dataFolder, mustLead, traces));
        }

        /**
         * Reads the scaling policies, to look at them and to try them on recorded load. Starts nothing, and asks for no
         * secret of another section. Where no file is set and nothing is configured, that is the default policy.
         *
         * @return the policies
         * @throws ConfigException with everything that is wrong in the section {@code autoscale}, or if the file has none
         * @throws dev.hyperion.HyperionException if the autoscaler is not on the class path
         */
        public ScalingPolicies scalingPolicies() {
            return ConfiguredPolicies.read(file, file.isPresent() ? ConfigNode.Mapping.empty() : config, secrets());
        }

        private SecretReferences secrets() {
            Path folder = file.map(Path::toAbsolutePath).map(Path::getParent).orElse(Path.of("."));
            return new SecretReferences(environment, folder);
        }
    }
}
