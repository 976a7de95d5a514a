// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.autoscale.SimulationResult;
import java.util.List;
import java.util.Optional;

/**
 * The scaling policies of a configuration, to be looked at and tried on recorded load. Asks nobody, acts on nothing, keeps
 * nothing: works without a running instance.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface ScalingPolicies {
    /**
     * Every policy.
     *
     * @return the one for all applications, or one for each that is named, in the order of the file
     */
    List<EffectivePolicy> all();

    /**
     * The policy of an application.
     *
     * @param application whose
     * @return empty if none covers it
     */
    Optional<EffectivePolicy> of(ApplicationId application);

    /**
     * Tries a policy on recorded load, through the code that decides on real replicas. The same inputs give the same result.
     *
     * @param policy one of these policies; what the configuration has beside it takes part
     * @param request the load
     * @return what would have happened
     * @throws dev.hyperion.HyperionException if the trace cannot be read; the message names the row
     */
    SimulationResult simulate(EffectivePolicy policy, SimulationRequest request);

    /**
     * Draws what a simulation found.
     *
     * @param title what it shows
     * @param result what {@link #simulate} returned
     * @return an SVG document; the same result gives the same bytes
     */
    String chart(String title, SimulationResult result);

    /**
     * A policy in a few words, such as for the title of a chart.
     *
     * @param policy the policy
     * @return one line
     */
    String title(EffectivePolicy policy);

    /**
     * A policy as the HTTP endpoints and the command line tell it, in the keys of the configuration.
     *
     * @param policy the policy
     * @param history what was applied under it, the newest last
     * @return a JSON object on one line; the same policy gives the same bytes
     */
    String toJson(EffectivePolicy policy, List<ScaleRecord> history);

    /**
     * A simulation as the HTTP endpoints and the command line tell it.
     *
     * @param result what {@link #simulate} returned
     * @return a JSON object on one line; the same result gives the same bytes
     */
    String toJson(SimulationResult result);
}
