// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.deploy.ScaleCause;
import dev.hyperion.deploy.journal.Fields;
import dev.hyperion.deploy.journal.RolloutRun;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Scale decisions in the journal, so that the autoscaler hears of what was applied after a restart too. */
final class Decisions {
    private Decisions() {}

    static ScaleDecision of(
            ScaleCause cause, ApplicationId application, int current, int wanted, Instant now, String id) {
        if (cause instanceof ScaleCause.Autoscaler autoscaler) {
            return autoscaler.decision();
        }
        ScaleCause.Operator operator = (ScaleCause.Operator) cause;
        String why = operator.who() + " asked for " + wanted + " replicas"
                + (operator.why().isEmpty() ? "" : ": " + operator.why());
        return ScaleDecision.of(
                current,
                wanted,
                new DecisionBasis(
                        id, application, List.of(), List.of(), List.of(ReasonCode.OPERATOR_REQUEST), why, now));
    }

    static Fields write(ScaleDecision decision) {
        return new Fields()
                .with("id", decision.basis().id())
                .with("current", decision.current())
                .with("target", decision.target())
                .with(
                        "reasons",
                        decision.basis().reasons().stream()
                                .map(ReasonCode::code)
                                .toList())
                .with("rationale", decision.basis().rationale())
                .with("at", decision.basis().at());
    }

    /** Without the inputs, which the autoscaler's own journal has. */
    static ScaleDecision read(RolloutRun run, ApplicationId application) {
        Fields fields = run.decision()
                .orElseThrow(() -> new IllegalStateException("rollout " + run.id() + " scales without a decision"));
        return ScaleDecision.of(
                (int) fields.number("current"),
                (int) fields.number("target"),
                new DecisionBasis(
                        fields.text("id"),
                        application,
                        List.of(),
                        List.of(),
                        fields.texts("reasons").stream()
                                .map(code -> ReasonCode.valueOf(code.toUpperCase(Locale.ROOT)))
                                .toList(),
                        fields.text("rationale"),
                        Instant.parse(fields.text("at"))));
    }
}
