// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.MonitoringCenter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The meters {@code deploy.*} of an application. Counters are read off the journal, so each rollout counts once and they
 * survive a restart; a held rollout shows in the health report.
 */
final class RolloutMeters {
    private final MonitoringCenter monitoring;

    RolloutMeters(MonitoringCenter monitoring) {
        this.monitoring = monitoring;
    }

    void watch(ApplicationController controller) {
        count(
                controller,
                "deploy.apply_success",
                "Rollouts of a new version that succeeded.",
                view -> view.ended(RolloutKind.APPLY, RolloutState.SUCCEEDED));
        count(
                controller,
                "deploy.apply_failure",
                "Rollouts of a new version that went back or are held.",
                view -> view.ended(RolloutKind.APPLY, RolloutState.ROLLED_BACK)
                        + view.ended(RolloutKind.APPLY, RolloutState.HELD));
        count(
                controller,
                "deploy.rollback_started",
                "Ways back, by an operator or by themselves.",
                view -> view.rollbacks().get(0));
        count(
                controller,
                "deploy.rollback_success",
                "Ways back that ended well.",
                view -> view.rollbacks().get(1));
        count(
                controller,
                "deploy.rollback_failure",
                "Ways back that did not.",
                view -> view.rollbacks().get(2));
        MeterRegistry meters = monitoring.meters();
        Gauge.builder("deploy.desired_replicas", controller, c -> c.view().stableReplicas())
                .tag("application", controller.application().value())
                .description("Replicas that the stable version should have.")
                .register(meters);
        Gauge.builder("deploy.active_replicas", controller, RolloutMeters::active)
                .tag("application", controller.application().value())
                .description("Replicas that are ready, of all versions, when last observed.")
                .register(meters);
        TimeGauge.builder("deploy.duration", controller, TimeUnit.SECONDS, RolloutMeters::lastDuration)
                .tag("application", controller.application().value())
                .description("How long the last rollout took that is over.")
                .register(meters);
        monitoring.addHealthCheck(
                "deploy " + controller.application(),
                deadline -> controller
                        .view()
                        .newest()
                        .filter(run -> run.state() == RolloutState.HELD)
                        .map(run -> HealthFinding.degraded("rollout " + run.id() + " is held: " + run.reason()))
                        .orElse(HealthFinding.up()));
    }

    private static double active(ApplicationController controller) {
        return controller.activeReplicas();
    }

    private static double lastDuration(ApplicationController controller) {
        return controller.runs().stream()
                .filter(run -> run.endedAt().isPresent())
                .reduce((first, second) -> second)
                .map(run ->
                        Duration.between(run.startedAt(), run.endedAt().get()).toMillis() / 1e3)
                .orElse(Double.NaN);
    }

    private void count(
            ApplicationController controller,
            String name,
            String description,
            ToDoubleFunction<ApplicationController.View> value) {
        FunctionCounter.builder(name, controller, c -> value.applyAsDouble(c.view()))
                .tag("application", controller.application().value())
                .description(description)
                .register(monitoring.meters());
    }
}
