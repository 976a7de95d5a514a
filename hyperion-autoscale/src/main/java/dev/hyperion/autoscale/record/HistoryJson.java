// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ScalingHistory;
import dev.hyperion.autoscale.policy.TargetHistory;
import java.time.Instant;
import java.util.Optional;

/** What a policy remembers, as JSON. Reading what was written gives an equal history. */
final class HistoryJson {
    private HistoryJson() {}

    static Json write(ScalingHistory history) {
        return history instanceof ScaleHistory threshold ? threshold(threshold) : target((TargetHistory) history);
    }

    static ScalingHistory read(Json json) {
        return json.has("recommendations") ? target(json) : threshold(json);
    }

    private static Json threshold(ScaleHistory history) {
        return new Json()
                .put("last_up", history.lastUp(), Instant::toString)
                .put("last_down", history.lastDown(), Instant::toString);
    }

    private static ScaleHistory threshold(Json json) {
        return new ScaleHistory(json.find("last_up", Instant::parse), json.find("last_down", Instant::parse));
    }

    private static Json target(TargetHistory history) {
        Json json = new Json()
                .putAll("recommendations", history.recommendations(), HistoryJson::change)
                .putAll("added", history.added(), HistoryJson::change)
                .putAll("removed", history.removed(), HistoryJson::change);
        history.panic()
                .ifPresent(panic ->
                        json.put("panic", new Json().put("since", panic.since()).put("most", panic.most())));
        return json;
    }

    private static TargetHistory target(Json json) {
        return new TargetHistory(
                json.objects("recommendations", HistoryJson::change),
                json.objects("added", HistoryJson::change),
                json.objects("removed", HistoryJson::change),
                json.has("panic")
                        ? Optional.of(new TargetHistory.PanicState(
                                json.object("panic").instant("since"),
                                json.object("panic").count("most")))
                        : Optional.empty());
    }

    private static Json change(TargetHistory.Change change) {
        return new Json().put("at", change.at()).put("replicas", change.replicas());
    }

    private static TargetHistory.Change change(Json json) {
        return new TargetHistory.Change(json.instant("at"), json.count("replicas"));
    }
}
