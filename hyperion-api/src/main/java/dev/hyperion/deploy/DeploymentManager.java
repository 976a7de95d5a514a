// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.ApplicationId;
import java.util.List;
import java.util.Optional;

/**
 * Brings versions of applications into service and takes them back. One rollout per application is open at a time; each
 * survives the death of the process that started it.
 *
 * <p>Thread-safety: thread-safe. Calls observe the world, so they may block for as long as a backend's deadline.
 */
public interface DeploymentManager {
    /**
     * Works out what a specification would change. Nothing is changed, except that the artifacts are fetched and checked.
     *
     * @param spec what should run
     * @return the steps, bound to what was observed; good for one {@link #apply}
     * @throws dev.hyperion.RefusedException if it cannot be carried out, such as an artifact with another digest
     */
    DeploymentPlan plan(DeploymentSpec spec);

    /**
     * Carries out a plan.
     *
     * @param plan a plan of this manager
     * @param options who, why, and what may be superseded
     * @return the rollout, under way
     * @throws dev.hyperion.RefusedException if the world drifted since the plan was made, the plan was used or has
     *     expired, or another rollout is open
     */
    Rollout apply(DeploymentPlan plan, ApplyOptions options);

    /**
     * Goes back to a version that ran before, without canary steps. An open rollout is aborted.
     *
     * @param application which application
     * @param target which version
     * @return the rollout, under way
     * @throws dev.hyperion.RefusedException if the version is unknown or its artifact cannot be obtained any more
     */
    Rollout rollback(ApplicationId application, RollbackTarget target);

    /**
     * Changes how many replicas the stable version has.
     *
     * @param application which application
     * @param replicas how many, 1 or more
     * @param cause who wants it; noted with the autoscaler, so that its cooldowns count from this
     * @return the rollout, under way
     * @throws dev.hyperion.RefusedException if nothing is deployed or a rollout is open
     */
    Rollout scale(ApplicationId application, int replicas, ScaleCause cause);

    /**
     * What runs and what is under way.
     *
     * @param application which application
     * @return the status, observed just now as far as backend and router answer
     * @throws dev.hyperion.RefusedException if the application is unknown
     */
    DeploymentStatus status(ApplicationId application);

    /**
     * What was done.
     *
     * @param application which application
     * @return the newest last; empty for an application that was never deployed
     */
    List<DeploymentRecord> history(ApplicationId application);

    /**
     * Which applications were ever deployed.
     *
     * @return in the order of their names
     */
    List<ApplicationId> applications();

    /**
     * The rollout that is open.
     *
     * @param application which application
     * @return empty if none is open
     */
    Optional<Rollout> open(ApplicationId application);
}
