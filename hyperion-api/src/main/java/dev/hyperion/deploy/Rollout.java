// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.ApplicationId;
import java.util.concurrent.CompletionStage;

/**
 * A handle on a rollout. It goes on whether anybody holds the handle or not.
 *
 * <p>Thread-safety: thread-safe. Commands are journaled before they return, and carried out soon after.
 */
public interface Rollout {
    /**
     * Tells this rollout from every other.
     *
     * @return the id
     */
    String id();

    /**
     * Whom it is about.
     *
     * @return the application
     */
    ApplicationId application();

    /**
     * What it is for.
     *
     * @return the kind
     */
    RolloutKind kind();

    /**
     * Where it stands.
     *
     * @return the state
     */
    RolloutState state();

    /**
     * How far it is.
     *
     * @return the progress
     */
    RolloutProgress progress();

    /**
     * Ends the bake under way as passed, without waiting any longer.
     *
     * @param who the person, for the audit
     * @throws dev.hyperion.RefusedException if no bake is under way
     */
    void promote(String who);

    /**
     * Stops after the step under way. Analysis goes on, and still rolls back a bad version.
     *
     * @param who the person, for the audit
     * @throws dev.hyperion.RefusedException if it is not running
     */
    void pause(String who);

    /**
     * Goes on after {@link #pause}.
     *
     * @param who the person, for the audit
     * @throws dev.hyperion.RefusedException if it is not paused
     */
    void resume(String who);

    /**
     * Goes back to the stable version. Wins over a promotion at the same time.
     *
     * @param who the person, for the audit
     * @param why the reason in a sentence, for the audit; may be empty
     * @throws dev.hyperion.RefusedException if it is over
     */
    void abort(String who, String why);

    /**
     * Completes when the rollout is over, with how it ended; never exceptionally.
     *
     * @return a stage of its own for each caller
     */
    CompletionStage<RolloutOutcome> completion();
}
