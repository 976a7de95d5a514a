// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.journal;

import dev.hyperion.Version;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.judge.BakeProgress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One rollout as the journal tells it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id tells it from every other
 * @param planId the plan that it carries out; empty if it has none
 * @param kind what it is for
 * @param from the version that served before; empty for a first deployment
 * @param to the version it brings
 * @param fromReplicas how many replicas {@code from} had
 * @param toReplicas how many replicas {@code to} is to have
 * @param steps its steps; those of the way back once it goes back
 * @param next the step under way, or the next one; the number of steps once all are done
 * @param intentAt when the step under way was begun; empty if it was not
 * @param state where it stands
 * @param abortAsked why an operator wants it to go back; empty if none does
 * @param promoteAsked whether an operator wants the bake under way to end as passed
 * @param bake how far the bake under way is
 * @param who who started it
 * @param notes what they said about it
 * @param reason why it is in this state
 * @param decision the scale decision behind it; empty if there is none
 * @param startedAt when it began
 * @param endedAt when it ended; empty while it is open
 */
public record RolloutRun(
        String id,
        Optional<String> planId,
        RolloutKind kind,
        Optional<Version> from,
        Version to,
        int fromReplicas,
        int toReplicas,
        List<PlanStep> steps,
        int next,
        Optional<Instant> intentAt,
        RolloutState state,
        Optional<String> abortAsked,
        boolean promoteAsked,
        BakeProgress bake,
        String who,
        String notes,
        String reason,
        Optional<Fields> decision,
        Instant startedAt,
        Optional<Instant> endedAt) {
    /** Copies the steps. */
    public RolloutRun {
        steps = List.copyOf(steps);
    }

    /**
     * The step under way, or the next one.
     *
     * @return empty once all are done
     */
    public Optional<PlanStep> step() {
        return next < steps.size() ? Optional.of(steps.get(next)) : Optional.empty();
    }

    /**
     * Whether nothing more happens by itself.
     *
     * @return true once it is over
     */
    public boolean isOver() {
        return state.isOver();
    }

    /**
     * The same rollout at another step.
     *
     * @param step which
     * @param begun when that step was begun; empty if it was not
     * @return a new value
     */
    public RolloutRun at(int step, Optional<Instant> begun) {
        return with(change -> {
            change.promoteAsked = step == next && promoteAsked;
            change.bake = step == next ? bake : BakeProgress.NONE;
            change.next = step;
            change.intentAt = begun;
        });
    }

    /**
     * The same rollout in another state.
     *
     * @param now the state
     * @param why why
     * @param end when it ended; empty while it is open
     * @return a new value
     */
    public RolloutRun in(RolloutState now, String why, Optional<Instant> end) {
        return with(change -> {
            change.state = now;
            change.reason = why;
            change.endedAt = end;
        });
    }

    /**
     * The same rollout, going back.
     *
     * @param back the steps of the way back
     * @param why why
     * @return a new value
     */
    public RolloutRun back(List<PlanStep> back, String why) {
        return with(change -> {
            change.steps = back;
            change.next = 0;
            change.intentAt = Optional.empty();
            change.state = RolloutState.ROLLING_BACK;
            change.abortAsked = Optional.empty();
            change.promoteAsked = false;
            change.bake = BakeProgress.NONE;
            change.reason = why;
        });
    }

    /**
     * The same rollout with a wish of an operator.
     *
     * @param abort why it is to go back; empty if it is not
     * @param promote whether the bake is to end
     * @return a new value
     */
    public RolloutRun asked(Optional<String> abort, boolean promote) {
        return with(change -> {
            change.abortAsked = abort;
            change.promoteAsked = promote;
        });
    }

    /**
     * The same rollout, further in its bake.
     *
     * @param progress how far
     * @return a new value
     */
    public RolloutRun baked(BakeProgress progress) {
        return with(change -> change.bake = progress);
    }

    private RolloutRun with(Consumer<Change> edit) {
        Change change = new Change();
        edit.accept(change);
        return new RolloutRun(
                id,
                planId,
                kind,
                from,
                to,
                fromReplicas,
                toReplicas,
                change.steps,
                change.next,
                change.intentAt,
                change.state,
                change.abortAsked,
                change.promoteAsked,
                change.bake,
                who,
                notes,
                change.reason,
                decision,
                startedAt,
                change.endedAt);
    }

    /** What may become otherwise in the life of a rollout; the rest was settled when it began. */
    private final class Change {
        private List<PlanStep> steps = RolloutRun.this.steps;
        private int next = RolloutRun.this.next;
        private Optional<Instant> intentAt = RolloutRun.this.intentAt;
        private RolloutState state = RolloutRun.this.state;
        private Optional<String> abortAsked = RolloutRun.this.abortAsked;
        private boolean promoteAsked = RolloutRun.this.promoteAsked;
        private BakeProgress bake = RolloutRun.this.bake;
        private String reason = RolloutRun.this.reason;
        private Optional<Instant> endedAt = RolloutRun.this.endedAt;
    }
}
