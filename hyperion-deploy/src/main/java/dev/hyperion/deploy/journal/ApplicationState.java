// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.journal;

import dev.hyperion.Version;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.judge.BakeProgress;
import dev.hyperion.spi.JournalEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is known of one application: a fold over its journal. Changed by {@link #take} and by nothing else.
 *
 * <p>Thread-safety: confined to the lock of its controller.
 */
public final class ApplicationState {
    private final Map<Version, DeploymentSpec> versions = new LinkedHashMap<>();
    private final Map<String, DeploymentPlan> unusedPlans = new LinkedHashMap<>();
    private final List<RolloutRun> closed = new ArrayList<>();
    private final List<Version> stableBefore = new ArrayList<>();
    private Optional<Version> stable = Optional.empty();
    private int stableReplicas;
    private Map<Version, Integer> weights = Map.of();
    private Optional<RolloutRun> open = Optional.empty();
    private final Map<String, List<String>> planFacts = new HashMap<>();
    private long rollbacksStarted;
    private long rollbacksSucceeded;
    private long rollbacksFailed;

    /** An application of which nothing is known. */
    public ApplicationState() {}

    /**
     * The specification of a version, with the digest of its artifact.
     *
     * @param version which
     * @return empty if it was never deployed
     */
    public Optional<DeploymentSpec> spec(Version version) {
        return Optional.ofNullable(versions.get(version));
    }

    /**
     * A plan that was made and not used yet.
     *
     * @param id which
     * @return empty if there is none
     */
    public Optional<DeploymentPlan> unusedPlan(String id) {
        return Optional.ofNullable(unusedPlans.get(id));
    }

    /**
     * The version that is known to be good.
     *
     * @return empty until the first rollout has succeeded
     */
    public Optional<Version> stable() {
        return stable;
    }

    /**
     * How many replicas the stable version should have.
     *
     * @return 0 until the first rollout has succeeded
     */
    public int stableReplicas() {
        return stableReplicas;
    }

    /**
     * The version that was stable before the one that is now.
     *
     * @return empty if there was none
     */
    public Optional<Version> previousStable() {
        return stableBefore.isEmpty() ? Optional.empty() : Optional.of(stableBefore.get(stableBefore.size() - 1));
    }

    /**
     * How the traffic is to be shared out.
     *
     * @return shares in 10,000ths by version; empty before the first traffic
     */
    public Map<Version, Integer> weights() {
        return weights;
    }

    /**
     * The rollout that is not over.
     *
     * @return empty if none is open
     */
    public Optional<RolloutRun> open() {
        return open;
    }

    /**
     * The rollouts that are over.
     *
     * @return oldest first
     */
    public List<RolloutRun> closed() {
        return closed;
    }

    /**
     * Finds a rollout.
     *
     * @param id which
     * @return empty if there is none
     */
    public Optional<RolloutRun> rollout(String id) {
        return open.filter(run -> run.id().equals(id))
                .or(() -> closed.stream().filter(run -> run.id().equals(id)).findFirst());
    }

    /**
     * How many rollouts were of a kind and ended in a way, for counters that survive a restart.
     *
     * @param kind what they were for
     * @param state how they ended
     * @return 0 or more
     */
    public long ended(RolloutKind kind, RolloutState state) {
        return closed.stream()
                .filter(run -> run.kind() == kind && run.state() == state)
                .count();
    }

    /**
     * Takes one entry into account.
     *
     * @param entry the next entry of the journal
     */
    public void take(JournalEvent entry) {
        Fields data = Fields.read(entry.data());
        switch (entry.type()) {
            case "plan.created" -> {
                DeploymentPlan plan = PlanCodec.plan(data);
                unusedPlans.put(plan.id(), plan);
                planFacts.put(plan.id(), data.texts("facts"));
            }
            case "rollout.started" -> start(data, entry);
            case "step.intent" -> change(run -> run.at((int) data.number("step"), Optional.of(entry.at())), data);
            case "step.done" -> done(data);
            case "rollout.asked" -> change(run -> asked(run, data.text("wish"), data.text("why")), data);
            case "rollout.back" -> {
                rollbacksStarted++;
                change(run -> run.back(PlanCodec.readSteps(data.list("steps")), data.text("reason")), data);
            }
            case "bake.progress" -> change(run -> run.baked(bake(data)), data);
            case "rollout.ended" -> end(data, entry);
            default ->
                throw new IllegalStateException("the journal of deployments has an entry of the unknown type '"
                        + entry.type() + "' at " + entry.seq() + "; it was written by a newer version");
        }
    }

    private void start(Fields data, JournalEvent entry) {
        data.find("plan").ifPresent(unusedPlans::remove);
        data.find("plan").ifPresent(planFacts::remove);
        rollbacksStarted += data.text("rollout_kind").equals(RolloutKind.ROLLBACK.name()) ? 1 : 0;
        for (Fields each : data.list("specs")) {
            DeploymentSpec spec = PlanCodec.spec(each);
            versions.put(spec.version(), spec);
        }
        // a held rollout makes room for the one that the operator started
        open.ifPresent(closed::add);
        open = Optional.of(new RolloutRun(
                data.text("id"),
                data.find("plan"),
                RolloutKind.valueOf(data.text("rollout_kind")),
                data.find("from").map(Version::new),
                new Version(data.text("to")),
                (int) data.number("from_replicas"),
                (int) data.number("to_replicas"),
                PlanCodec.readSteps(data.list("steps")),
                0,
                Optional.empty(),
                RolloutState.RUNNING,
                Optional.empty(),
                false,
                BakeProgress.NONE,
                entry.who(),
                data.text("notes"),
                "",
                data.findBelow("decision"),
                entry.at(),
                Optional.empty()));
    }

    /** A change of one rollout. */
    private interface Change {
        RolloutRun of(RolloutRun run);
    }

    private void change(Change change, Fields data) {
        open = open.map(run -> run.id().equals(data.text("id")) ? change.of(run) : run);
        // traffic counts as shifted from the intent on: the router may have got it before a crash
        open.flatMap(run -> run.intentAt().isPresent() ? run.step() : Optional.empty())
                .ifPresent(step -> {
                    if (step instanceof PlanStep.ShiftTraffic shift) {
                        weights = shift.weights();
                    }
                });
    }

    private void done(Fields data) {
        RolloutRun run = open.orElseThrow(() -> new IllegalStateException("a step is done of no rollout: " + data));
        PlanStep step = run.steps().get((int) data.number("step"));
        if (step instanceof PlanStep.RecordOutcome outcome) {
            stable.filter(before -> !before.equals(outcome.stable())).ifPresent(before -> {
                stableBefore.remove(before);
                stableBefore.add(before);
            });
            stableBefore.remove(outcome.stable());
            stable = Optional.of(outcome.stable());
            stableReplicas = outcome.replicas();
            weights = Map.of(outcome.stable(), 10_000);
        }
        if (step instanceof PlanStep.RetireVersion retire) {
            Map<Version, Integer> left = new HashMap<>(weights);
            left.remove(retire.version());
            weights = Map.copyOf(left);
        }
        open = Optional.of(run.at(run.next() + 1, Optional.empty()));
    }

    private static RolloutRun asked(RolloutRun run, String wish, String why) {
        return switch (wish) {
            case "promote" -> run.asked(run.abortAsked(), true);
            case "abort" -> run.asked(Optional.of(why), false);
            case "pause" -> run.in(RolloutState.PAUSED, why, Optional.empty());
            case "resume" -> run.in(RolloutState.RUNNING, why, Optional.empty());
            default ->
                throw new IllegalStateException("the unknown wish '" + wish + "' was journaled by a newer version");
        };
    }

    private static BakeProgress bake(Fields data) {
        Map<String, Integer> hits = new HashMap<>();
        data.textMap("hits").forEach((rule, count) -> hits.put(rule, Integer.valueOf(count)));
        return new BakeProgress(
                Duration.parse(data.text("observed")),
                Duration.parse(data.text("elapsed")),
                data.number("samples"),
                hits);
    }

    private void end(Fields data, JournalEvent entry) {
        RolloutState state = RolloutState.valueOf(data.text("state"));
        open.ifPresent(run -> countRollback(run, state));
        open = open.map(run -> run.in(state, data.text("reason"), Optional.of(entry.at())));
        if (state != RolloutState.HELD) {
            open.ifPresent(closed::add);
            open = Optional.empty();
        }
    }

    private void countRollback(RolloutRun run, RolloutState end) {
        boolean back = run.state() == RolloutState.ROLLING_BACK;
        if (!back && run.kind() != RolloutKind.ROLLBACK) {
            return;
        }
        RolloutState good = back ? RolloutState.ROLLED_BACK : RolloutState.SUCCEEDED;
        rollbacksSucceeded += end == good ? 1 : 0;
        rollbacksFailed += end == good ? 0 : 1;
    }

    /**
     * What a plan that was not used yet rests on.
     *
     * @param planId which plan
     * @return one line each
     */
    public List<String> planFacts(String planId) {
        return planFacts.getOrDefault(planId, List.of());
    }

    /**
     * How many ways back were begun, by an operator or by themselves.
     *
     * @return 0 or more, over all time
     */
    public long rollbacksStarted() {
        return rollbacksStarted;
    }

    /**
     * How many ways back ended well.
     *
     * @return 0 or more, over all time
     */
    public long rollbacksSucceeded() {
        return rollbacksSucceeded;
    }

    /**
     * How many ways back did not.
     *
     * @return 0 or more, over all time
     */
    public long rollbacksFailed() {
        return rollbacksFailed;
    }

    /**
     * Every version that was ever deployed.
     *
     * @return in the order of their first deployment
     */
    public List<Version> versions() {
        return List.copyOf(versions.keySet());
    }

    /**
     * Every rollout, the open one last.
     *
     * @return oldest first
     */
    public List<RolloutRun> all() {
        List<RolloutRun> all = new ArrayList<>(closed);
        open.ifPresent(all::add);
        return all;
    }

    /**
     * When the newest rollout was started.
     *
     * @return empty if there was none
     */
    public Optional<Instant> lastStarted() {
        List<RolloutRun> all = all();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of(all.get(all.size() - 1).startedAt());
    }
}
