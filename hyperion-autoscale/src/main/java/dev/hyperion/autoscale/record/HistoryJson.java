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
        return JsonText.of(history, HistoryJson::write);
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

    static void write(JsonText json, StagedHistory history) {
        json.put("policy", history.policy(), HistoryJson::write).putAll("guards", history.guards(), HistoryJson::guard);
    }

    static StagedHistory read(Json json) {
        return new StagedHistory(policy(json.object("policy")), json.objects("guards", HistoryJson::guard));
    }

    private static void guard(JsonText json, GuardMemory memory) {
        json.put("metric", memory.metric())
                .putInstant("bad_since", memory.badSince())
                .putInstant("zero_since", memory.zeroSince());
        if (memory.last().isPresent()) {
            json.put("last", memory.last().getAsDouble());
        }
    }

    private static GuardMemory guard(Json json) {
        return new GuardMemory(
                json.text("metric"),
                json.find("bad_since", Instant::parse),
                json.find("zero_since", Instant::parse),
                json.has("last") ? OptionalDouble.of(json.real("last")) : OptionalDouble.empty());
    }

    private static void write(JsonText json, ScalingHistory history) {
        if (history instanceof ScaleHistory threshold) {
            json.putInstant("last_up", threshold.lastUp()).putInstant("last_down", threshold.lastDown());
        } else {
            target(json, (TargetHistory) history);
        }
    }

    private static ScalingHistory policy(Json json) {
        return json.has("recommendations") ? target(json) : threshold(json);
    }

    private static ScaleHistory threshold(Json json) {
        return new ScaleHistory(json.find("last_up", Instant::parse), json.find("last_down", Instant::parse));
    }

    private static void target(JsonText json, TargetHistory history) {
        json.putAll("recommendations", history.recommendations(), HistoryJson::change)
                .putAll("added", history.added(), HistoryJson::change)
                .putAll("removed", history.removed(), HistoryJson::change)
                .putIfPresent("panic", history.panic(), HistoryJson::panic);
    }

    private static void panic(JsonText json, TargetHistory.PanicState panic) {
        json.put("since", panic.since()).put("most", panic.most());
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

    private static void change(JsonText json, TargetHistory.Change change) {
        json.put("at", change.at()).put("replicas", change.replicas());
    }

    private static TargetHistory.Change change(Json json) {
        return new TargetHistory.Change(json.instant("at"), json.count("replicas"));
    }
}
