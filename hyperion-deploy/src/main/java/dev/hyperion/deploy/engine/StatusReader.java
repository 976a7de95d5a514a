// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.HyperionException;
import dev.hyperion.Version;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.RolloutStatus;
import dev.hyperion.deploy.VersionStatus;
import dev.hyperion.deploy.journal.RolloutRun;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.ObservedApplication;
import dev.hyperion.spi.ObservedGroup;
import dev.hyperion.spi.ObservedRoute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** Puts journal, backend and router together. What cannot be observed is told as a problem, not left out. */
final class StatusReader {
    private final EngineContext context;

    StatusReader(EngineContext context) {
        this.context = context;
    }

    DeploymentStatus read(ApplicationController controller) {
        ApplicationController.View view = controller.view();
        List<String> problems = new ArrayList<>();
        Instant now = context.clock().now();
        ObservedApplication seen = attempt(
                problems,
                () -> controller.steps().observe(),
                new ObservedApplication(controller.application(), List.of(), "", now));
        Optional<ObservedRoute> route =
                attempt(problems, () -> Optional.of(controller.traffic().observe()), Optional.empty());
        Optional<RolloutRun> shown = view.newest().filter(run -> !run.isOver() || run.state() == RolloutState.HELD);
        return new DeploymentStatus(
                controller.application(),
                view.stable(),
                view.stableReplicas(),
                versions(seen, route),
                shown.map(run -> rollout(controller, run)),
                rollbackWould(view),
                route.flatMap(ObservedRoute::address),
                problems,
                now);
    }

    private static <T> T attempt(List<String> problems, Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (HyperionException e) {
            problems.add(String.valueOf(e.getMessage()));
            return otherwise;
        }
    }

    private static List<VersionStatus> versions(ObservedApplication seen, Optional<ObservedRoute> route) {
        Set<Version> all = new LinkedHashSet<>();
        seen.groups().forEach(group -> all.add(group.id().version()));
        route.ifPresent(r -> all.addAll(r.versions().keySet()));
        List<VersionStatus> statuses = new ArrayList<>();
        for (Version version : all) {
            Optional<ObservedGroup> group = seen.group(version);
            Optional<ObservedRoute.Share> share = route.map(r -> r.versions().get(version));
            statuses.add(new VersionStatus(
                    version,
                    group.map(ObservedGroup::artifactDigest).orElse(""),
                    group.map(ObservedGroup::desiredReplicas).orElse(0),
                    share.map(s -> OptionalInt.of(s.wanted())).orElse(OptionalInt.empty()),
                    share.map(ObservedRoute.Share::inForce).orElse(OptionalInt.empty()),
                    share.map(ObservedRoute.Share::inFlight).orElse(OptionalLong.empty()),
                    group.map(ObservedGroup::replicas).orElse(List.of())));
        }
        return statuses;
    }

    private static RolloutStatus rollout(ApplicationController controller, RolloutRun run) {
        return new RolloutStatus(
                run.id(),
                run.kind(),
                run.state(),
                run.from(),
                run.to(),
                controller.progress(run),
                run.steps(),
                run.bake().hits().entrySet().stream()
                        .map(rule -> rule.getKey() + ": " + rule.getValue() + " in a row")
                        .sorted()
                        .toList(),
                run.reason(),
                run.startedAt());
    }

    private static String rollbackWould(ApplicationController.View view) {
        Optional<RolloutRun> open = view.newest().filter(run -> !run.isOver());
        if (open.isPresent()) {
            return open.get()
                    .from()
                    .map(from -> "abort " + open.get().id() + " and give all traffic back to " + from)
                    .orElse("abort " + open.get().id() + " and remove "
                            + open.get().to());
        }
        boolean held =
                view.newest().filter(run -> run.state() == RolloutState.HELD).isPresent();
        Optional<Version> target = held ? view.stable() : view.previousStable();
        return target.map(version -> "give all traffic to " + version)
                .orElse("be refused: there is no version to go back to");
    }
}
