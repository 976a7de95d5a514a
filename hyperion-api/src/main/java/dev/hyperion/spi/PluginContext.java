// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.HyperionClock;
import dev.hyperion.Secret;
import dev.hyperion.TaskScheduler;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/**
 * What a plugin gets from the house it plugs into.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface PluginContext {
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
     * Runs work that may block. Bounded: it throws {@link java.util.concurrent.RejectedExecutionException} when it is full.
     *
     * @return the executor
     */
    Executor executor();

    /**
     * The registry for the plugin's own meters.
     *
     * @return the registry
     */
    MeterRegistry meters();

    /**
     * The plugin's logger.
     *
     * @return a logger named after the plugin
     */
    Logger logger();

    /**
     * Resolves a secret that is not in the plugin's own section.
     *
     * @param reference {@code ${NAME}} for an environment variable, {@code ${file:path}} for a file's content
     * @return the secret
     * @throws dev.hyperion.HyperionException if there is none
     */
    Secret secret(String reference);

    /**
     * A folder of the plugin's own, for what must survive a restart.
     *
     * @return an existing folder that only the owner may read
     */
    Path dataFolder();
}
