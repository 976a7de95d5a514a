// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.PluginException;
import dev.hyperion.Version;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.journal.ApplicationJournal;
import dev.hyperion.deploy.journal.ApplicationState;
import dev.hyperion.deploy.journal.Fields;
import dev.hyperion.deploy.journal.PlanCodec;
import dev.hyperion.deploy.journal.RolloutRun;
import dev.hyperion.deploy.judge.BakeProgress;
import dev.hyperion.deploy.judge.ThresholdJudge;
import dev.hyperion.deploy.judge.Verdict;
import dev.hyperion.deploy.plan.Route;
import dev.hyperion.spi.EngineContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a rollout.
 *
 * <pre>
 *            every step done
 * RUNNING ─────────────────────► SUCCEEDED   fully new
 *  │   ▲ pause, resume
 *  │   ▼
 *  │ PAUSED
 *  │ a step failed, the judge says so, or an operator aborts
 *  ▼         every step back done
 * ROLLING_BACK ────────────────► ROLLED_BACK fully old
 *  │ a step back failed; or, from RUNNING, nobody can tell
 *  ▼
 * HELD                           the last good set serves, an operator decides
 * </pre>
 *
 * <p>Before a step is begun its intent is in the journal, after it that it is done. In between, and again after a crash, the
 * step is looked at until it is so. Every change of state is one journal entry, and the state is the fold over them.
 *
 * <p>Thread-safety: confined to the lock of its controller.
 */
final class RolloutDriver {
    private final ApplicationId application;
    private final EngineContext context;
    private final ApplicationJournal journal;
    private final StepRunner steps;
    private final CanaryWatch canary;
    private final EngineSettings settings;
    private final EngineLog log;

    private String waitingFor = "";
    private Optional<Duration> remaining = Optional.empty();
    private @Nullable String bakeLookedAt;
    private long lastLookNanos;

    RolloutDriver(
            ApplicationId application,
            EngineContext context,
            ApplicationJournal journal,
            StepRunner steps,
            EngineSettings settings,
            EngineLog log) {
        this.application = application;
        this.context = context;
        this.journal = journal;
        this.steps = steps;
        this.canary = new CanaryWatch(context.monitoring());
        this.settings = settings;
        this.log = log;
    }

    String waitingFor() {
        return waitingFor;
    }

    Optional<Duration> remaining() {
        return remaining;
    }

    /** Goes as far as it can now. */
    void drive() {
        while (true) {
            Optional<RolloutRun> open = journal.state().open().filter(run -> !run.isOver());
            if (open.isEmpty()) {
                wait("", Optional.empty());
                return;
            }
            RolloutRun run = open.get();
            if (run.abortAsked().isPresent() && run.state() != RolloutState.ROLLING_BACK) {
                goBack(run, run.abortAsked().get());
            } else if (run.step().isEmpty()) {
                end(run);
            } else if (run.intentAt().isEmpty()) {
                if (run.state() == RolloutState.PAUSED) {
                    wait("paused; resume or abort it", Optional.empty());
                    return;
                }
                begin(run);
            } else if (!proceed(run, run.step().get())) {
                return;
            }
        }
    }

    private void begin(RolloutRun run) {
        append("step.intent", new Fields().with("id", run.id()).with("step", run.next()));
        run.step().ifPresent(step -> log.info(application, run.id() + ": " + step.describe()));
    }

    /** Looks at the step under way; true if the rollout is further now. */
    private boolean proceed(RolloutRun run, PlanStep step) {
        StepResult result = look(run, step);
        if (result instanceof StepResult.Done) {
            done(run, step);
            return true;
        }
        if (result instanceof StepResult.Waiting waiting) {
            wait(waiting.why(), waiting.remaining());
            return false;
        }
        if (result instanceof StepResult.Undecidable undecidable) {
            hold(run, undecidable.why());
            return true;
        }
        String why = ((StepResult.Failed) result).why();
        if (run.state() == RolloutState.ROLLING_BACK) {
            hold(run, "the way back failed: " + why);
        } else {
            goBack(run, why);
        }
        return true;
    }

    private StepResult look(RolloutRun run, PlanStep step) {
        try {
            return step instanceof PlanStep.Bake bake ? bake(run, bake) : steps.look(run, step, journal.state());
        } catch (ConflictException e) {
            return new StepResult.Waiting(String.valueOf(e.getMessage()));
        } catch (PluginException e) {
            String why = String.valueOf(e.getMessage());
            return e.retryable() ? steps.waiting(run, why, settings.stepTimeout()) : new StepResult.Failed(why);
        }
    }

    private void done(RolloutRun run, PlanStep step) {
        append("step.done", new Fields().with("id", run.id()).with("step", run.next()));
        if (step instanceof PlanStep.RecordOutcome outcome
                && run.kind() == RolloutKind.SCALE
                && run.state() != RolloutState.ROLLING_BACK) {
            context.autoScaler(application)
                    .ifPresent(scaler -> scaler.record(Decisions.read(run, application), outcome.replicas()));
        }
    }

    /** Only time in which this engine looks counts: after a restart the clock of the bake goes on from here. */
    private StepResult bake(RolloutRun run, PlanStep.Bake bake) {
        if (run.promoteAsked()) {
            return new StepResult.Done();
        }
        String identity = run.id() + "/" + run.next();
        long now = context.clock().monotonicNanos();
        if (!identity.equals(bakeLookedAt)) {
            bakeLookedAt = identity;
            lastLookNanos = now;
        }
        Duration sinceLast = Duration.ofNanos(now - lastLookNanos);
        if (sinceLast.compareTo(bake.analysis().interval()) < 0) {
            return new StepResult.Waiting(
                    waitingFor.isEmpty() ? "watching " + bake.version() : waitingFor, left(run.bake(), bake));
        }
        lastLookNanos = now;
        ThresholdJudge.Judgement judgement = new ThresholdJudge(bake.analysis(), bake.time())
                .look(run.bake(), canary.look(application, bake.version(), bake.analysis(), sinceLast));
        note(run, judgement.progress());
        Verdict verdict = judgement.verdict();
        if (verdict instanceof Verdict.Fail fail) {
            return new StepResult.Failed(bake.version() + " is bad: " + fail.because());
        }
        if (verdict instanceof Verdict.GiveUp giveUp) {
            return new StepResult.Undecidable(
                    "nobody can tell whether " + bake.version() + " is good: " + giveUp.because());
        }
        if (verdict instanceof Verdict.Pass pass) {
            if (run.state() == RolloutState.PAUSED) {
                return new StepResult.Waiting("passed (" + pass.because() + "), but paused; resume or abort it");
            }
            log.info(application, run.id() + ": " + bake.version() + " is good, " + pass.because());
            return new StepResult.Done();
        }
        String because = ((Verdict.Undecided) verdict).because();
        return new StepResult.Waiting("watching " + bake.version() + ": " + because, left(judgement.progress(), bake));
    }

    private static Optional<Duration> left(BakeProgress progress, PlanStep.Bake bake) {
        Duration left = bake.time().minus(progress.observed());
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }

    private void note(RolloutRun run, BakeProgress progress) {
        Fields hits = new Fields();
        progress.hits().forEach((rule, count) -> hits.with(rule, count.toString()));
        append(
                "bake.progress",
                new Fields()
                        .with("id", run.id())
                        .with("observed", progress.observed())
                        .with("elapsed", progress.elapsed())
                        .with("samples", progress.samples())
                        .with("hits", hits));
    }

    /** Turns round: the last good set gets all traffic, then the new one goes. */
    void goBack(RolloutRun run, String why) {
        ApplicationState state = journal.state();
        DeploymentSpec to = state.spec(run.to()).orElseThrow();
        Optional<DeploymentSpec> from = run.from().flatMap(state::spec);
        List<PlanStep> back;
        if (run.kind() == RolloutKind.SCALE) {
            back = Route.scale(to, run.toReplicas(), run.fromReplicas());
        } else if (from.isPresent()) {
            back = Route.back(from.get(), run.fromReplicas(), List.of(to)).stream()
                    // what runs needs no artifact; should it have to be started anew, its artifact is asked for then
                    .filter(step -> !(step instanceof PlanStep.PrepareArtifact))
                    .toList();
        } else if (state.weights().getOrDefault(run.to(), 0) == 0) {
            back = Route.undo(to);
        } else {
            hold(run, why + "; there is no version to go back to");
            return;
        }
        log.warn(
                application,
                run.id() + " goes back to " + run.from().map(Version::toString).orElse("nothing") + ": " + why);
        append(
                "rollout.back",
                new Fields().with("id", run.id()).with("reason", why).with("steps", PlanCodec.steps(back)));
    }

    private void end(RolloutRun run) {
        boolean back = run.state() == RolloutState.ROLLING_BACK;
        RolloutState state = back ? RolloutState.ROLLED_BACK : RolloutState.SUCCEEDED;
        String reason = back ? run.reason() : "every step is done";
        close(run, state, reason);
        if (back) {
            log.warn(application, run.id() + " is rolled back: " + reason);
        } else {
            log.info(application, run.id() + " succeeded");
        }
    }

    /** Stops where nothing more can be done rightly. What serves goes on serving. */
    void hold(RolloutRun run, String why) {
        String serving = journal.state().weights().isEmpty()
                ? "nothing"
                : journal.state().weights().keySet().toString();
        String reason = why + "; " + serving + " serves; decide with deploy rollback or by applying another plan";
        close(run, RolloutState.HELD, reason);
        log.error(application, run.id() + " is held: " + reason);
    }

    void close(RolloutRun run, RolloutState state, String reason) {
        append(
                "rollout.ended",
                new Fields().with("id", run.id()).with("state", state.name()).with("reason", reason));
    }

    private void append(String type, Fields data) {
        journal.append(context.leadership().epoch(), type, "rollout engine", data);
    }

    private void wait(String why, Optional<Duration> left) {
        waitingFor = why;
        remaining = left;
    }
}
