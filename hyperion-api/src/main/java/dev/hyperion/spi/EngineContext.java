// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.monitoring.MonitoringCenter;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * What an engine gets. Plugins are guarded already: deadline, bulkhead and quarantine hold for each call.
 *
 * <p>Engines find each other here. {@link #deployments} and {@link #autoScaler} answer only after every engine was created,
 * so an engine asks when it works, not when it is made.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface EngineContext {
    /**
     * The only source of time.
     *
     * @return instant and monotonic time
     */
    HyperionClock clock();

    /**
     * Runs tasks later; a task that may block hands its work to {@link #executor}.
     *
     * @return the scheduler
     */
    TaskScheduler scheduler();

    /**
     * Runs work that may block.
     *
     * @return the executor
     */
    Executor executor();

    /**
     * Metrics, alerts, logs and the registry for the engine's own meters.
     *
     * @return the monitoring center
     */
    MonitoringCenter monitoring();

    /**
     * Where journals are kept.
     *
     * @return the store
     */
    StateStore store();

    /**
     * The right to act. An engine acts only while it is held, with its epoch.
     *
     * @return the leadership
     */
    Leadership leadership();

    /**
     * Runs replicas.
     *
     * @return the backend
     * @throws dev.hyperion.HyperionException if none is configured; the message says how to
     */
    DeployBackend backend();

    /**
     * Shares traffic out.
     *
     * @return the router
     * @throws dev.hyperion.HyperionException if none is configured; the message says how to
     */
    TrafficRouter router();

    /**
     * The deployment manager.
     *
     * @return empty if there is none
     */
    Optional<DeploymentManager> deployments();

    /**
     * The autoscaler of an application.
     *
     * @param application whose
     * @return empty if it has none
     */
    Optional<AutoScaler> autoScaler(ApplicationId application);
}
