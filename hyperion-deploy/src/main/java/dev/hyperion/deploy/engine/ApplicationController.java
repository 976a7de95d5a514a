// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.Version;
import dev.hyperion.deploy.ApplyOptions;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.RollbackTarget;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutOutcome;
import dev.hyperion.deploy.RolloutProgress;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.ScaleCause;
import dev.hyperion.deploy.journal.ApplicationJournal;
import dev.hyperion.deploy.journal.ApplicationState;
import dev.hyperion.deploy.journal.Fields;
import dev.hyperion.deploy.journal.PlanCodec;
import dev.hyperion.deploy.journal.RolloutRun;
import dev.hyperion.deploy.plan.Route;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.ObservedApplication;
import dev.hyperion.spi.ObservedGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everything about one application: its journal, the rollout that is open, and what keeps things as they should be when none
 * is. One thing happens at a time; what readers see is published after each.
 *
 * <p>Thread-safety: thread-safe. Readers never wait for backend or router.
 */
final class ApplicationController {
    private final ApplicationId application;
    private final EngineContext context;
    private final EngineLog log;
    private final ApplicationJournal journal;
    private final TrafficTable traffic;
    private final StepRunner steps;
    private final RolloutDriver driver;
    private final Planner planner;
    private final Map<String, CompletableFuture<RolloutOutcome>> completions = new ConcurrentHashMap<>();
    private volatile View view;
    private long epochSeen = -1;
    private String lastTrouble = "";
    private volatile int activeReplicas;

    /**
     * What readers see.
     *
     * @param runs every rollout, the newest last
     * @param stable the version that is known to be good
     * @param previousStable the one before it
     * @param stableReplicas how many replicas it should have
     * @param versions every version that was ever deployed
     * @param waitingFor why the open rollout has not gone on
     * @param remaining how long it will wait at least
     * @param rollbacks started, succeeded, failed
     */
    record View(
            List<RolloutRun> runs,
            Optional<Version> stable,
            Optional<Version> previousStable,
            int stableReplicas,
            List<Version> versions,
            String waitingFor,
            Optional<Duration> remaining,
            List<Long> rollbacks) {
        Optional<RolloutRun> newest() {
            return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
        }

        Optional<RolloutRun> run(String id) {
            return runs.stream().filter(run -> run.id().equals(id)).findFirst();
        }

        long ended(RolloutKind kind, RolloutState state) {
            return runs.stream()
                    .filter(run -> run.kind() == kind && run.state() == state)
                    .count();
        }
    }

    ApplicationController(ApplicationId application, EngineContext context, EngineSettings settings) {
        this.application = application;
        this.context = context;
        this.log = new EngineLog(context);
        this.journal = new ApplicationJournal(application, context.store(), context.clock());
        this.traffic = new TrafficTable(application, context, settings);
        this.steps = new StepRunner(application, context, settings, traffic);
        this.driver = new RolloutDriver(application, context, journal, steps, settings, log);
        this.planner = new Planner(application, context, settings, steps, traffic);
        this.view = look();
    }

    View view() {
        return view;
    }

    private View look() {
        ApplicationState state = journal.state();
        return new View(
                List.copyOf(state.all()),
                state.stable(),
                state.previousStable(),
                state.stableReplicas(),
                state.versions(),
                driver.waitingFor(),
                driver.remaining(),
                List.of(state.rollbacksStarted(), state.rollbacksSucceeded(), state.rollbacksFailed()));
    }

    private void publish() {
        view = look();
        for (RolloutRun run : view.runs()) {
            if (run.isOver()) {
                CompletableFuture<RolloutOutcome> waiting = completions.remove(run.id());
                if (waiting != null) {
                    waiting.complete(outcome(run));
                }
            }
        }
    }

    private static RolloutOutcome outcome(RolloutRun run) {
        return new RolloutOutcome(run.state(), run.reason(), run.endedAt().orElse(run.startedAt()));
    }

    CompletableFuture<RolloutOutcome> completion(String id) {
        CompletableFuture<RolloutOutcome> waiting = completions.computeIfAbsent(id, i -> new CompletableFuture<>());
        // it may have ended before the future was there to be completed
        view.run(id).filter(RolloutRun::isOver).ifPresent(run -> waiting.complete(outcome(run)));
        return waiting.copy();
    }

    /** Does what can be done now: drives the open rollout, or keeps things as they should be. */
    synchronized void tick() {
        if (!context.leadership().held()) {
            return;
        }
        try {
            refresh();
            if (journal.state().open().filter(run -> !run.isOver()).isPresent()) {
                keepTraffic("rollout");
                driver.drive();
            } else {
                reconcile();
            }
            trouble("");
        } catch (FencedException e) {
            trouble("stops acting: " + e.getMessage());
        } catch (ConflictException e) {
            epochSeen = -1; // somebody else wrote; what they wrote is read before the next look
            trouble(String.valueOf(e.getMessage()));
        } catch (HyperionException e) {
            trouble(String.valueOf(e.getMessage()));
        } finally {
            publish();
        }
    }

    /** What another leader wrote before is read before anything is done. */
    private void refresh() {
        long epoch = context.leadership().epoch();
        if (epoch != epochSeen) {
            journal.reload();
            epochSeen = epoch;
        }
    }

    /** The same trouble is told once, not at every look. */
    private void trouble(String what) {
        if (!what.isEmpty() && !what.equals(lastTrouble)) {
            log.warn(application, what);
        }
        lastTrouble = what;
    }

    /** Outside a rollout: the stable version has its replicas, and traffic goes to those that are ready. */
    private void reconcile() {
        ApplicationState state = journal.state();
        if (state.stable().isEmpty()) {
            return;
        }
        Version stable = state.stable().get();
        Optional<ObservedGroup> group = observe().group(stable);
        if (group.map(ObservedGroup::desiredReplicas).orElse(0) < state.stableReplicas()) {
            steps.ensure("reconcile", 0, stable, state.stableReplicas(), state);
        }
        keepTraffic("reconcile");
    }

    private void keepTraffic(String planId) {
        Map<Version, Integer> weights = journal.state().weights();
        boolean whole = weights.values().stream().mapToInt(Integer::intValue).sum() == 10_000;
        if (whole) {
            traffic.bring(weights, observe(), planId);
        }
    }

    private ObservedApplication observe() {
        ObservedApplication seen = steps.observe();
        activeReplicas =
                seen.groups().stream().mapToInt(ObservedGroup::readyReplicas).sum();
        return seen;
    }

    int activeReplicas() {
        return activeReplicas;
    }

    private void requireLeadership(String what) {
        if (!context.leadership().held()) {
            String holder = context.leadership().holder();
            throw new RefusedException(what + " of " + application + " is refused: this instance does not lead"
                    + (holder.isEmpty() ? "" : "; " + holder + " does, ask there"));
        }
        refresh();
    }

    synchronized DeploymentPlan plan(DeploymentSpec spec) {
        requireLeadership("a plan");
        Planner.Drawn drawn = planner.plan(spec, journal.state());
        append(
                "plan.created",
                "planner",
                PlanCodec.write(drawn.plan()).with("facts", drawn.fingerprint().facts()));
        publish();
        return drawn.plan();
    }

    synchronized Rollout apply(DeploymentPlan plan, ApplyOptions options) {
        requireLeadership("apply");
        ApplicationState state = journal.state();
        DeploymentPlan known = state.unusedPlan(plan.id())
                .orElseThrow(() -> new RefusedException(
                        "plan " + plan.id() + " is unknown or was used already; a plan is good once, make a new one"));
        if (context.clock().now().isAfter(known.expiresAt())) {
            throw new RefusedException("plan " + plan.id() + " expired at " + known.expiresAt() + "; make a new one");
        }
        Optional<RolloutRun> open = state.open().filter(run -> !run.isOver());
        if (open.isPresent() && !options.supersede()) {
            throw new RefusedException(
                    "rollout " + open.get().id() + " to " + open.get().to() + " is "
                            + open.get().state().word() + "; wait for it, abort it, or supersede it");
        }
        if (open.isEmpty()) {
            planner.requireUnchanged(known, state);
        }
        DeploymentSpec spec = known.spec();
        int desired = planner.desired(spec, state);
        List<PlanStep> way = planner.steps(spec, desired, state);
        open.ifPresent(run -> driver.close(run, RolloutState.ROLLED_BACK, "superseded by plan " + plan.id()));
        return start(
                new Fields()
                        .with("plan", known.id())
                        .with("rollout_kind", RolloutKind.APPLY.name())
                        .with("from", state.stable())
                        .with("to", spec.version())
                        .with("from_replicas", state.stableReplicas())
                        .with("to_replicas", desired)
                        .with("steps", PlanCodec.steps(way))
                        .with("specs", List.of(PlanCodec.write(spec)))
                        .with("notes", options.notes()),
                options.who());
    }

    synchronized Rollout rollback(RollbackTarget target) {
        requireLeadership("rollback");
        ApplicationState state = journal.state();
        Optional<RolloutRun> open = state.open().filter(run -> !run.isOver());
        Version wanted = wanted(target, state, open);
        if (open.isPresent() && open.get().from().equals(Optional.of(wanted))) {
            ask(open.get().id(), "abort", target.who(), target.who() + " asked for " + wanted);
            return new RolloutHandle(this, open.get().id());
        }
        DeploymentSpec spec = state.spec(wanted)
                .orElseThrow(() -> new RefusedException(wanted + " of " + application
                        + " was never deployed here; known versions are " + state.versions()));
        planner.requireObtainable(spec);
        List<DeploymentSpec> leaving = planner.others(wanted, state);
        if (leaving.isEmpty() && state.stable().equals(Optional.of(wanted))) {
            throw new RefusedException(wanted + " of " + application + " is what runs; there is nothing to roll back");
        }
        int replicas = Math.max(1, state.stableReplicas());
        open.ifPresent(run -> driver.close(run, RolloutState.ROLLED_BACK, "superseded by a rollback to " + wanted));
        return start(
                new Fields()
                        .with("rollout_kind", RolloutKind.ROLLBACK.name())
                        .with("from", state.stable())
                        .with("to", wanted)
                        .with("from_replicas", state.stableReplicas())
                        .with("to_replicas", replicas)
                        .with("steps", PlanCodec.steps(Route.back(spec, replicas, leaving)))
                        .with("specs", List.of())
                        .with("notes", ""),
                target.who());
    }

    private Version wanted(RollbackTarget target, ApplicationState state, Optional<RolloutRun> open) {
        if (target instanceof RollbackTarget.To to) {
            return to.version();
        }
        boolean halfWay = state.open().isPresent();
        Optional<Version> previous = halfWay
                ? state.stable()
                : state.stable()
                        .flatMap(state::spec)
                        .flatMap(DeploymentSpec::rollbackTarget)
                        .filter(version -> state.spec(version).isPresent())
                        .or(state::previousStable);
        return previous.orElseThrow(() -> new RefusedException("there is no version of " + application
                + " to go back to; "
                + (open.isPresent() ? "abort the rollout instead" : "only one was ever deployed")));
    }

    synchronized Rollout scale(int replicas, ScaleCause cause) {
        requireLeadership("scaling");
        ApplicationState state = journal.state();
        Optional<RolloutRun> open = state.open().filter(run -> !run.isOver());
        if (open.isPresent()) {
            throw new RefusedException("rollout " + open.get().id() + " is "
                    + open.get().state().word() + "; the replica count is its business until it ends");
        }
        if (replicas < 1) {
            throw new RefusedException(replicas + " replicas of " + application + " are refused; expected 1 or more");
        }
        Version stable = state.stable()
                .orElseThrow(() -> new RefusedException(application + " is not deployed; there is nothing to scale"));
        DeploymentSpec spec = state.spec(stable).orElseThrow();
        String id = newId();
        Fields data = new Fields()
                .with("id", id)
                .with("rollout_kind", RolloutKind.SCALE.name())
                .with("from", stable)
                .with("to", stable)
                .with("from_replicas", state.stableReplicas())
                .with("to_replicas", replicas)
                .with("steps", PlanCodec.steps(Route.scale(spec, state.stableReplicas(), replicas)))
                .with("specs", List.of())
                .with("notes", cause instanceof ScaleCause.Operator operator ? operator.why() : "autoscaler")
                .with(
                        "decision",
                        Decisions.write(Decisions.of(
                                cause,
                                application,
                                state.stableReplicas(),
                                replicas,
                                context.clock().now(),
                                id)));
        return start(data, cause instanceof ScaleCause.Operator operator ? operator.who() : "autoscaler");
    }

    private Rollout start(Fields data, String who) {
        String id = data.find("id").orElseGet(ApplicationController::newId);
        append("rollout.started", who, data.with("id", id));
        publish();
        return new RolloutHandle(this, id);
    }

    private static String newId() {
        return "r-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Notes what an operator wants of an open rollout. */
    synchronized void ask(String id, String wish, String who, String why) {
        requireLeadership(wish);
        RolloutRun run = journal.state()
                .rollout(id)
                .filter(each -> !each.isOver())
                .orElseThrow(() -> new RefusedException("rollout " + id + " is over; " + wish + " comes too late"));
        requireSense(run, wish);
        append(
                "rollout.asked",
                who,
                new Fields().with("id", id).with("wish", wish).with("why", why));
        log.info(application, run.id() + ": " + who + " asks to " + wish);
        publish();
    }

    private static void requireSense(RolloutRun run, String wish) {
        boolean baking = run.step().filter(PlanStep.Bake.class::isInstance).isPresent()
                && run.intentAt().isPresent();
        String state = run.state().word();
        switch (wish) {
            case "promote" ->
                refuseUnless(
                        baking && run.abortAsked().isEmpty() && run.state() != RolloutState.ROLLING_BACK,
                        "rollout " + run.id() + " watches no version now; there is nothing to promote");
            case "pause" ->
                refuseUnless(
                        run.state() == RolloutState.RUNNING,
                        "rollout " + run.id() + " is " + state + " and cannot pause");
            case "resume" ->
                refuseUnless(
                        run.state() == RolloutState.PAUSED, "rollout " + run.id() + " is " + state + ", not paused");
            default ->
                refuseUnless(run.state() != RolloutState.ROLLING_BACK, "rollout " + run.id() + " goes back already");
        }
    }

    private static void refuseUnless(boolean sensible, String message) {
        if (!sensible) {
            throw new RefusedException(message);
        }
    }

    private void append(String type, String who, Fields data) {
        journal.append(context.leadership().epoch(), type, who, data);
    }

    RolloutProgress progress(RolloutRun run) {
        boolean newest =
                view.newest().filter(each -> each.id().equals(run.id())).isPresent();
        boolean open = newest && !run.isOver();
        boolean baking = run.step().filter(PlanStep.Bake.class::isInstance).isPresent();
        return new RolloutProgress(
                run.isOver() ? Math.min(run.next(), run.steps().size()) : run.next() + 1,
                run.steps().size(),
                open ? run.step() : Optional.empty(),
                open ? view.waitingFor() : "",
                open ? view.remaining() : Optional.empty(),
                open && baking ? OptionalLong.of(run.bake().samples()) : OptionalLong.empty());
    }

    ApplicationId application() {
        return application;
    }

    TrafficTable traffic() {
        return traffic;
    }

    StepRunner steps() {
        return steps;
    }

    /** The rollout that is open, as a handle. */
    Optional<Rollout> open() {
        return view.newest().filter(run -> !run.isOver()).map(run -> new RolloutHandle(this, run.id()));
    }

    List<RolloutRun> runs() {
        return new ArrayList<>(view.runs());
    }
}
