// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.Leadership;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.TrafficRouter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Everything around an engine, simulated: time, disk, replicas, traffic and metrics. Operators come and go; the world stays.
 *
 * <p>Thread-safety: confined to the thread that advances the time.
 */
public final class SimulatedWorld {
    private final VirtualTime time = new VirtualTime();
    private final SimulatedStore store = new SimulatedStore();
    private final SimulatedBackend backend = new SimulatedBackend(time);
    private final SimulatedRouter router = new SimulatedRouter();
    private final SimulatedMonitoring monitoring = new SimulatedMonitoring(time);

    /** A world in which nothing has happened. */
    public SimulatedWorld() {}

    /**
     * Its time.
     *
     * @return clock and scheduler
     */
    public VirtualTime time() {
        return time;
    }

    /**
     * Its disk.
     *
     * @return the store
     */
    public SimulatedStore store() {
        return store;
    }

    /**
     * Its replicas.
     *
     * @return the backend
     */
    public SimulatedBackend backend() {
        return backend;
    }

    /**
     * Its traffic.
     *
     * @return the router
     */
    public SimulatedRouter router() {
        return router;
    }

    /**
     * Its metrics and alerts.
     *
     * @return the monitoring center
     */
    public SimulatedMonitoring monitoring() {
        return monitoring;
    }

    /**
     * Starts an operator, which leads at once with an epoch of its own. One that was started before is fenced by it.
     *
     * @return what its engines get
     */
    public Operator operator() {
        return new Operator(this, store.nextEpoch("operator"));
    }

    /** One operator process. Thread-safety: confined to the thread that advances the time. */
    public static final class Operator implements EngineContext, Leadership {
        private final SimulatedWorld world;
        private final long epoch;
        private final VirtualTime.VirtualProcess process;
        private final Map<ApplicationId, AutoScaler> scalers = new HashMap<>();
        private @Nullable DeploymentManager deployments;
        private boolean leads = true;

        private Operator(SimulatedWorld world, long epoch) {
            this.world = world;
            this.epoch = epoch;
            this.process = world.time.process();
        }

        /** Kills it: nothing of it runs any more. */
        public void kill() {
            process.kill();
            leads = false;
        }

        /** Takes its leadership away; it runs on. */
        public void loseLeadership() {
            leads = false;
        }

        /**
         * Tells its engines who manages deployments.
         *
         * @param manager the manager
         */
        public void deployments(DeploymentManager manager) {
            this.deployments = manager;
        }

        /**
         * Tells its engines who scales an application.
         *
         * @param application which
         * @param scaler its autoscaler
         */
        public void autoScaler(ApplicationId application, AutoScaler scaler) {
            scalers.put(application, scaler);
        }

        @Override
        public HyperionClock clock() {
            return world.time;
        }

        @Override
        public TaskScheduler scheduler() {
            return process;
        }

        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public MonitoringCenter monitoring() {
            return world.monitoring;
        }

        @Override
        public StateStore store() {
            return world.store;
        }

        @Override
        public Leadership leadership() {
            return this;
        }

        @Override
        public DeployBackend backend() {
            return world.backend;
        }

        @Override
        public TrafficRouter router() {
            return world.router;
        }

        @Override
        public Optional<DeploymentManager> deployments() {
            return Optional.ofNullable(deployments);
        }

        @Override
        public Optional<AutoScaler> autoScaler(ApplicationId application) {
            return Optional.ofNullable(scalers.get(application));
        }

        @Override
        public boolean held() {
            return leads;
        }

        @Override
        public long epoch() {
            return leads ? epoch : 0;
        }

        @Override
        public Instant validUntil() {
            return leads ? Instant.MAX : Instant.EPOCH;
        }

        @Override
        public String holder() {
            return "simulated operator " + epoch;
        }

        @Override
        public void close() {
            leads = false;
        }
    }
}
