// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.config.Policies;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.ScalingPolicies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Decides for each application at its policy's interval, and applies while leadership is held.
 *
 * <p>Thread-safety: thread-safe.
 */
final class AutoscaleLoop implements AutoScalerEngine {
    private final Policies policies;
    private final EngineContext context;
    private final Map<ApplicationId, ApplicationScaler> scalers = new ConcurrentHashMap<>();
    private final Map<ApplicationId, String> lastTold = new ConcurrentHashMap<>();
    private final List<TaskScheduler.Task> tasks = new CopyOnWriteArrayList<>();

    AutoscaleLoop(Policies policies, EngineContext context) {
        this.policies = policies;
        this.context = context;
    }

    @Override
    public Optional<AutoScaler> of(ApplicationId application) {
        return scaler(application).map(AutoScaler.class::cast);
    }

    private Optional<ApplicationScaler> scaler(ApplicationId application) {
        return policies.of(application)
                .map(EffectivePolicy::policy)
                .map(policy -> scalers.computeIfAbsent(
                        application, each -> new ApplicationScaler(each, policy, policies.stages(each), context)));
    }

    @Override
    public ScalingPolicies policies() {
        return policies;
    }

    @Override
    public void start() {
        policies.named()
                .forEach((application, policy) ->
                        every("autoscaling of " + application, policy.interval(), () -> List.of(application)));
        policies.common()
                .map(ScalingPolicy::interval)
                .ifPresent(interval -> every("autoscaling", interval, this::unnamed));
    }

    private List<ApplicationId> unnamed() {
        return context.deployments().map(DeploymentManager::applications).orElse(List.of()).stream()
                .filter(application -> !policies.named().containsKey(application))
                .toList();
    }

    private void every(String name, Duration interval, Supplier<List<ApplicationId>> applications) {
        AtomicBoolean running = new AtomicBoolean();
        tasks.add(context.scheduler().every(name, interval, interval, () -> {
            if (context.leadership().held() && running.compareAndSet(false, true)) {
                try {
                    context.executor().execute(() -> {
                        try {
                            applications.get().forEach(this::decide);
                        } finally {
                            running.set(false);
                        }
                    });
                } catch (RejectedExecutionException e) {
                    running.set(false); // everybody is busy; the next tick tries again
                }
            }
        }));
    }

    private void decide(ApplicationId application) {
        Optional<DeploymentManager> manager = context.deployments();
        Optional<ApplicationScaler> scaler = scaler(application);
        if (manager.isEmpty() || scaler.isEmpty()) {
            return;
        }
        try {
            ScaleDecision decision = scaler.get().act(manager.get());
            count(application, decision.word());
            tell(application, decision);
        } catch (HyperionException e) {
            count(application, "failed");
            log(application, LogLevel.WARN, "scaling of " + application + " was not carried out: " + e.getMessage());
        }
    }

    private void count(ApplicationId application, String decision) {
        MetricCatalogue.AUTOSCALE_DECISIONS
                .counter(context.monitoring().meters(), application.value(), decision)
                .increment();
    }

    /** Actions are told each time, anything else when its reason changes: a log that repeats itself hides what matters. */
    private void tell(ApplicationId application, ScaleDecision decision) {
        String reasons = decision.word() + decision.basis().reasons();
        boolean action = !(decision instanceof ScaleDecision.NoOp);
        boolean changed = !reasons.equals(lastTold.put(application, reasons));
        if (action || changed) {
            log(
                    application,
                    action ? LogLevel.INFO : LogLevel.DEBUG,
                    decision.word() + " of " + application + ": "
                            + decision.basis().rationale());
        }
    }

    private void log(ApplicationId application, LogLevel level, String message) {
        MonitoringCenter monitoring = context.monitoring();
        monitoring.log(new LogEntry(
                context.clock().now(),
                level,
                "dev.hyperion.autoscale",
                message,
                Map.of("application", application.value())));
    }

    @Override
    public void close() {
        tasks.forEach(TaskScheduler.Task::cancel);
        tasks.clear();
    }
}
