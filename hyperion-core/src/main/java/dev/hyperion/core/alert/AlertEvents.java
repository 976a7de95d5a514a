// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes events of turns: a stable id, and a line for people with both numbers. */
final class AlertEvents {
    private AlertEvents() {}

    static AlertEvent of(RuleState.Turn turn, AlertState state, Instant at) {
        AlertRule rule = turn.rule();
        String text = rule.metric() + labels(turn.labels())
                + (turn.value().isPresent() ? " is " + turn.value().getAsDouble() : " has no data")
                + ", " + state.name().toLowerCase(Locale.ROOT) + " at "
                + rule.comparison().name().toLowerCase(Locale.ROOT)
                + " " + rule.threshold() + " after " + rule.hits() + " hits";
        return new AlertEvent(
                id(rule.name(), turn.labels(), state, at),
                rule,
                turn.labels(),
                state,
                turn.value().orElse(0),
                at,
                at,
                Optional.empty(),
                text);
    }

    /** Made of what happened, so that the same turn told again after a restart has the same id. */
    private static String id(String rule, Map<String, String> labels, AlertState state, Instant at) {
        String what = rule + '\n' + labels + '\n' + state + '\n' + at;
        return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String labels(Map<String, String> labels) {
        return labels.isEmpty() ? "" : " of " + labels;
    }
}
