// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentSpec;

/**
 * The deployment manager and the loop that carries rollouts out.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface DeploymentEngine extends AutoCloseable {
    /**
     * The deployment manager.
     *
     * @return always the same
     */
    DeploymentManager manager();

    /**
     * Reads a plan file. It only checks; nothing is observed or changed.
     *
     * @param file the content of the plan file, with positions
     * @return what should run
     * @throws dev.hyperion.ConfigException with everything that is wrong in it
     */
    DeploymentSpec read(ConfigNode.Mapping file);

    /** Starts the loop: open rollouts go on, or go back, while leadership is held. */
    void start();

    /** Ends the loop; open rollouts go on after the next start, replicas and routers serve on. */
    @Override
    void close();
}
