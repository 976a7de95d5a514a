// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Contact;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Makes events of turns: a stable id, and a line for people with both numbers and whom to call. */
final class AlertEvents {
    private AlertEvents() {}

    static AlertEvent of(RuleState.Turn turn, Map<String, Contact> contacts) {
        AlertRule rule = turn.rule();
        Optional<Contact> contact = rule.contact().map(contacts::get);
        return new AlertEvent(
                id(rule.name(), turn.series(), turn.state(), turn.at(), turn.again()),
                rule,
                labels(rule, turn.series()),
                turn.state(),
                turn.value().orElse(Double.NaN),
                turn.at(),
                turn.startedAt(),
                contact,
                text(turn) + contact.map(who -> "; call " + who.tell()).orElse(""));
    }

    /** Ends what fired before the last start, by a rule that is no more. */
    static AlertEvent ended(AlertEvent fired, Instant now) {
        return new AlertEvent(
                id(fired.rule().name(), fired.series(), AlertState.RESOLVED, now, false),
                fired.rule(),
                fired.labels(),
                AlertState.RESOLVED,
                Double.NaN,
                now,
                fired.startedAt(),
                fired.contact(),
                fired.rule().metric() + of(fired.series()) + " is watched no more: the rule was removed");
    }

    private static String text(RuleState.Turn turn) {
        AlertRule rule = turn.rule();
        String reading = rule.metric()
                + of(turn.series())
                + (turn.value().isPresent()
                        ? " is " + turn.condition().tell(turn.value().getAsDouble())
                        : " has no data");
        String limit = rule.comparison().word() + " " + rule.threshold();
        if (turn.state() == AlertState.RESOLVED) {
            return reading + ", no longer " + limit;
        }
        if (turn.again()) {
            return reading + ", still firing at " + limit + " since " + turn.startedAt();
        }
        String lasting = rule.lasting().isZero()
                ? ""
                : " and " + rule.lasting().toString().substring(2).toLowerCase(Locale.ROOT);
        return reading + ", firing at " + limit + " after " + rule.hits() + (rule.hits() == 1 ? " hit" : " hits")
                + lasting;
    }

    /** The labels that an event of this label set carries. */
    static Map<String, String> labels(AlertRule rule, Map<String, String> series) {
        if (rule.labels().isEmpty()) {
            return series;
        }
        Map<String, String> all = new HashMap<>(series);
        all.putAll(rule.labels()); // never those of by: the rule's constructor sees to it
        return Map.copyOf(all);
    }

    /** Made of what happened, so that the same turn told again after a restart has the same id. */
    private static String id(String rule, Map<String, String> series, AlertState state, Instant at, boolean again) {
        String what = rule + '\n' + new TreeMap<>(series) + '\n' + state + '\n' + at + (again ? "\nagain" : "");
        return UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String of(Map<String, String> series) {
        return series.isEmpty() ? "" : " of " + new TreeMap<>(series);
    }
}
