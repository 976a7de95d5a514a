// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.autoscale.stage.RolloutFacts;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.ReplicaStatus;
import dev.hyperion.deploy.RolloutStatus;
import java.util.List;
import java.util.Optional;

/** What an open rollout means for counting replicas. */
final class OpenRollout {
    private OpenRollout() {}

    /** Those of the new version that are more than there should be; empty if no rollout is open. */
    static Optional<RolloutFacts> facts(DeploymentStatus status, int wanted) {
        Optional<RolloutStatus> rollout =
                status.rollout().filter(each -> !each.state().isOver());
        if (rollout.isEmpty()) {
            return Optional.empty();
        }
        int all = status.versions().stream()
                .mapToInt(version -> version.replicas().size())
                .sum();
        List<String> extra = status.versions().stream()
                .filter(version -> version.version().equals(rollout.get().to()))
                .flatMap(version -> version.replicas().stream())
                .map(ReplicaStatus::id)
                .limit(Math.max(0, all - wanted))
                .toList();
        boolean shifting = rollout.get()
                .progress()
                .step()
                .filter(step -> step instanceof PlanStep.ShiftTraffic)
                .isPresent();
        return Optional.of(new RolloutFacts(rollout.get().id(), shifting, extra));
    }
}
