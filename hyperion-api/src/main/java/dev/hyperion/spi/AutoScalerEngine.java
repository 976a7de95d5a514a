// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.AutoScaler;
import java.util.Optional;

/**
 * The autoscalers of all applications, and the loop that acts on them.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface AutoScalerEngine extends AutoCloseable {
    /**
     * The autoscaler of an application.
     *
     * @param application whose
     * @return empty if no policy covers it
     */
    Optional<AutoScaler> of(ApplicationId application);

    /**
     * The policies in force.
     *
     * @return to be looked at and tried
     */
    ScalingPolicies policies();

    /** Starts the loop: decisions are made at their interval, and applied while leadership is held. */
    void start();

    /** Ends the loop; replicas stay as they are. */
    @Override
    void close();
}
