// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.RefusedException;
import dev.hyperion.Version;
import dev.hyperion.deploy.ApplyOptions;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentRecord;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.RollbackTarget;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.deploy.ScaleCause;
import dev.hyperion.deploy.journal.ApplicationJournal;
import dev.hyperion.deploy.journal.RolloutRun;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.StreamId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** One controller for each application, found by name. Thread-safety: thread-safe. */
final class RolloutManager implements DeploymentManager {
    private final EngineContext context;
    private final EngineSettings settings;
    private final StatusReader statuses;
    private final Consumer<ApplicationController> watcher;
    private final Map<ApplicationId, ApplicationController> controllers = new ConcurrentSkipListMap<>();

    RolloutManager(EngineContext context, EngineSettings settings, Consumer<ApplicationController> watcher) {
        this.context = context;
        this.settings = settings;
        this.statuses = new StatusReader(context);
        this.watcher = watcher;
    }

    /** Finds the applications that were deployed before this process started. */
    void load() {
        for (StreamId stream : context.store().streams(ApplicationJournal.PREFIX)) {
            controller(new ApplicationId(stream.value().substring(ApplicationJournal.PREFIX.length())));
        }
    }

    Iterable<ApplicationController> controllers() {
        return controllers.values();
    }

    private ApplicationController controller(ApplicationId application) {
        return controllers.computeIfAbsent(application, id -> {
            ApplicationController controller = new ApplicationController(id, context, settings);
            watcher.accept(controller);
            return controller;
        });
    }

    private ApplicationController known(ApplicationId application) {
        ApplicationController controller = controllers.get(application);
        if (controller == null || controller.runs().isEmpty()) {
            throw new RefusedException(
                    application + " was never deployed here; known applications are " + applications());
        }
        return controller;
    }

    @Override
    public DeploymentPlan plan(DeploymentSpec spec) {
        return controller(spec.application()).plan(spec);
    }

    @Override
    public Rollout apply(DeploymentPlan plan, ApplyOptions options) {
        return controller(plan.spec().application()).apply(plan, options);
    }

    @Override
    public Rollout rollback(ApplicationId application, RollbackTarget target) {
        return known(application).rollback(target);
    }

    @Override
    public Rollout scale(ApplicationId application, int replicas, ScaleCause cause) {
        return known(application).scale(replicas, cause);
    }

    @Override
    public DeploymentStatus status(ApplicationId application) {
        return statuses.read(known(application));
    }

    @Override
    public List<DeploymentRecord> history(ApplicationId application) {
        ApplicationController controller = controllers.get(application);
        return controller == null
                ? List.of()
                : controller.runs().stream()
                        .map(run -> record(application, run))
                        .toList();
    }

    private static DeploymentRecord record(ApplicationId application, RolloutRun run) {
        Optional<Version> from = run.from();
        return new DeploymentRecord(
                run.id(),
                run.planId(),
                run.kind(),
                application,
                from,
                run.to(),
                run.toReplicas(),
                run.state(),
                run.who(),
                run.notes(),
                run.isOver() ? run.reason() : "",
                run.startedAt(),
                run.endedAt());
    }

    @Override
    public List<ApplicationId> applications() {
        return controllers.values().stream()
                .filter(controller -> !controller.runs().isEmpty())
                .map(ApplicationController::application)
                .toList();
    }

    @Override
    public Optional<Rollout> open(ApplicationId application) {
        ApplicationController controller = controllers.get(application);
        return controller == null ? Optional.empty() : controller.open();
    }
}
