// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ScalingHistory;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.stage.GuardMemory;
import dev.hyperion.autoscale.stage.StagedHistory;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/** What is remembered between decisions, as JSON. Reading what was written gives an equal history. */
public final class HistoryJson {
    private HistoryJson() {}

    /**
     * Writes a history, for the journal.
     *
     * @param history what is remembered
     * @return JSON on one line; equal histories give equal bytes
     */
    public static String toText(StagedHistory history) {
        return write(history).toString();
    }

    /**
     * Reads a history.
     *
     * @param json what {@link #toText} wrote
     * @return an equal history
     * @throws IllegalArgumentException if it is none
     */
    public static StagedHistory fromText(String json) {
        return read(Json.parse(json));
    }

    static Json write(StagedHistory history) {
        return new Json().put("policy", write(history.policy())).putAll("guards", history.guards(), HistoryJson::guard);
    }

    static StagedHistory read(Json json) {
        return new StagedHistory(policy(json.object("policy")), json.objects("guards", HistoryJson::guard));
    }

    private static Json guard(GuardMemory memory) {
        Json json = new Json()
                .put("metric", memory.metric())
                .put("bad_since", memory.badSince(), Instant::toString)
                .put("zero_since", memory.zeroSince(), Instant::toString);
        memory.last().ifPresent(value -> json.put("last", value));
        return json;
    }

    private static GuardMemory guard(Json json) {
        return new GuardMemory(
                json.text("metric"),
                json.find("bad_since", Instant::parse),
                json.find("zero_since", Instant::parse),
                json.has("last") ? OptionalDouble.of(json.real("last")) : OptionalDouble.empty());
    }

    private static Json write(ScalingHistory history) {
        return history instanceof ScaleHistory threshold ? threshold(threshold) : target((TargetHistory) history);
    }

    private static ScalingHistory policy(Json json) {
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
