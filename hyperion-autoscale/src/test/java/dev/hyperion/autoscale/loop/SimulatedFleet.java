// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.RefusedException;
import dev.hyperion.Version;
import dev.hyperion.deploy.ApplyOptions;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentRecord;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.ReplicaPhase;
import dev.hyperion.deploy.ReplicaStatus;
import dev.hyperion.deploy.RollbackTarget;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.ScaleCause;
import dev.hyperion.deploy.VersionStatus;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.tck.SimulatedCrash;
import dev.hyperion.tck.VirtualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Deployed applications whose replicas come and go at once. It outlives the process that scales, which may be killed before,
 * within or after a call.
 */
final class SimulatedFleet implements DeploymentManager {
    /** Where within {@link #scale} the process ends. */
    enum CrashPoint {
        BEFORE_THE_EFFECT,
        BEFORE_IT_IS_NOTED,
        AFTER_IT_IS_NOTED
    }

    private static final Duration LONG_AGO = Duration.ofHours(1);

    /** One action that had an effect. */
    record Action(Instant at, int replicas) {}

    private final VirtualTime time;
    private final Map<ApplicationId, Integer> desired =
            new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
    private final Map<ApplicationId, List<DeploymentRecord>> histories = new HashMap<>();
    private final List<Action> actions = new ArrayList<>();
    private EngineContext operator;
    private Optional<CrashPoint> crash = Optional.empty();
    private Runnable beforeTheEffect = () -> {};
    private int crashAtAction;

    SimulatedFleet(VirtualTime time, EngineContext operator) {
        this.time = time;
        this.operator = operator;
    }

    void deploy(ApplicationId application, int replicas) {
        desired.put(application, replicas);
    }

    void operator(EngineContext next) {
        operator = next;
    }

    void crash(CrashPoint point, int action) {
        crash = Optional.of(point);
        crashAtAction = action;
    }

    /** Something that happens within the next calls, before they have an effect. */
    void beforeTheEffect(Runnable what) {
        beforeTheEffect = what;
    }

    List<Action> actions() {
        return actions;
    }

    int desired(ApplicationId application) {
        return desired.get(application);
    }

    @Override
    public Rollout scale(ApplicationId application, int replicas, ScaleCause cause) {
        beforeTheEffect.run();
        endIf(CrashPoint.BEFORE_THE_EFFECT);
        Instant now = time.now();
        desired.put(application, replicas);
        actions.add(new Action(now, replicas));
        histories
                .computeIfAbsent(application, each -> new ArrayList<>())
                .add(new DeploymentRecord(
                        "r" + actions.size(),
                        Optional.empty(),
                        RolloutKind.SCALE,
                        application,
                        Optional.empty(),
                        new Version("1"),
                        replicas,
                        RolloutState.SUCCEEDED,
                        "autoscaler",
                        "",
                        "",
                        now,
                        Optional.of(now)));
        endIf(CrashPoint.BEFORE_IT_IS_NOTED);
        if (cause instanceof ScaleCause.Autoscaler scaler) {
            operator.autoScaler(application).orElseThrow().record(scaler.decision(), replicas);
        }
        endIf(CrashPoint.AFTER_IT_IS_NOTED);
        return (Rollout) Proxy.newProxyInstance(
                Rollout.class.getClassLoader(), new Class<?>[] {Rollout.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private void endIf(CrashPoint point) {
        boolean counted = point == CrashPoint.BEFORE_THE_EFFECT;
        if (crash.equals(Optional.of(point)) && actions.size() + (counted ? 1 : 0) == crashAtAction) {
            crash = Optional.empty();
            throw new SimulatedCrash("scale, " + point);
        }
    }

    @Override
    public DeploymentStatus status(ApplicationId application) {
        if (!desired.containsKey(application)) {
            throw new RefusedException(application + " was never deployed here");
        }
        return new DeploymentStatus(
                application,
                Optional.of(new Version("1")),
                desired.get(application),
                List.of(version(desired.get(application))),
                Optional.empty(),
                "nothing",
                Optional.empty(),
                List.of(),
                time.now());
    }

    private VersionStatus version(int count) {
        List<ReplicaStatus> replicas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replicas.add(new ReplicaStatus(
                    "shop-" + i,
                    ReplicaPhase.READY,
                    Optional.empty(),
                    time.now().minus(LONG_AGO),
                    0,
                    "",
                    OptionalInt.empty(),
                    List.of()));
        }
        return new VersionStatus(
                new Version("1"),
                "0".repeat(64),
                count,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                replicas);
    }

    @Override
    public List<DeploymentRecord> history(ApplicationId application) {
        return List.copyOf(histories.getOrDefault(application, List.of()));
    }

    @Override
    public List<ApplicationId> applications() {
        return List.copyOf(desired.keySet());
    }

    @Override
    public Optional<Rollout> open(ApplicationId application) {
        return Optional.empty();
    }

    @Override
    public DeploymentPlan plan(DeploymentSpec spec) {
        throw new UnsupportedOperationException("nothing is deployed here");
    }

    @Override
    public Rollout apply(DeploymentPlan plan, ApplyOptions options) {
        throw new UnsupportedOperationException("nothing is deployed here");
    }

    @Override
    public Rollout rollback(ApplicationId application, RollbackTarget target) {
        throw new UnsupportedOperationException("nothing is deployed here");
    }
}
