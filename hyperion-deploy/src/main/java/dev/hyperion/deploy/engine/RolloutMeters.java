// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.MeterSpec;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MonitoringCenter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
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
                MetricCatalogue.DEPLOY_APPLY_SUCCESS,
                view -> view.ended(RolloutKind.APPLY, RolloutState.SUCCEEDED));
        count(
                controller,
                MetricCatalogue.DEPLOY_APPLY_FAILURE,
                view -> view.ended(RolloutKind.APPLY, RolloutState.ROLLED_BACK)
                        + view.ended(RolloutKind.APPLY, RolloutState.HELD));
        count(
                controller,
                MetricCatalogue.DEPLOY_ROLLBACK_STARTED,
                view -> view.rollbacks().get(0));
        count(
                controller,
                MetricCatalogue.DEPLOY_ROLLBACK_SUCCESS,
                view -> view.rollbacks().get(1));
        count(
                controller,
                MetricCatalogue.DEPLOY_ROLLBACK_FAILURE,
                view -> view.rollbacks().get(2));
        MeterRegistry meters = monitoring.meters();
        String application = controller.application().value();
        MetricCatalogue.DEPLOY_DESIRED_REPLICAS.gauge(
                meters, controller, c -> c.view().stableReplicas(), application);
        MetricCatalogue.DEPLOY_ACTIVE_REPLICAS.gauge(
                meters, controller, ApplicationController::activeReplicas, application);
        MetricCatalogue.DEPLOY_DURATION.gauge(meters, controller, RolloutMeters::lastDuration, application);
        monitoring.addHealthCheck(
                "deploy " + controller.application(),
                deadline -> controller
                        .view()
                        .newest()
                        .filter(run -> run.state() == RolloutState.HELD)
                        .map(run -> HealthFinding.degraded("rollout " + run.id() + " is held: " + run.reason()))
                        .orElse(HealthFinding.up()));
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
            ApplicationController controller, MeterSpec meter, ToDoubleFunction<ApplicationController.View> value) {
        meter.counter(
                monitoring.meters(),
                controller,
                c -> value.applyAsDouble(c.view()),
                controller.application().value());
    }
}
