// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.TaskScheduler;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.spec.PlanFile;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.DeploymentEngine;
import dev.hyperion.spi.EngineContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** Looks at every application again and again. Thread-safety: thread-safe. */
final class RolloutEngine implements DeploymentEngine {
    private final EngineContext context;
    private final EngineSettings settings;
    private final RolloutManager manager;
    private final Set<ApplicationController> busy = ConcurrentHashMap.newKeySet();
    private final List<TaskScheduler.Task> tasks = new ArrayList<>();

    RolloutEngine(EngineSettings settings, EngineContext context) {
        this.context = context;
        this.settings = settings;
        RolloutMeters meters = new RolloutMeters(context.monitoring());
        this.manager = new RolloutManager(context, settings, meters::watch);
    }

    @Override
    public DeploymentManager manager() {
        return manager;
    }

    @Override
    public DeploymentSpec read(ConfigNode.Mapping file) {
        return PlanFile.read(file);
    }

    @Override
    public synchronized void start() {
        manager.load();
        tasks.add(context.scheduler().every("rollouts", settings.interval(), settings.interval(), this::look));
    }

    private void look() {
        for (ApplicationController controller : manager.controllers()) {
            if (!busy.add(controller)) {
                continue; // the last look has not ended yet
            }
            try {
                context.executor().execute(() -> {
                    try {
                        controller.tick();
                    } finally {
                        busy.remove(controller);
                    }
                });
            } catch (RejectedExecutionException e) {
                busy.remove(controller);
            }
        }
    }

    @Override
    public synchronized void close() {
        tasks.forEach(TaskScheduler.Task::cancel);
        tasks.clear();
    }
}
