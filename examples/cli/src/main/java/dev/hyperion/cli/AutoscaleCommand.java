// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code autoscale}: the policy and what it would decide. */
@Command(
        name = "autoscale",
        description = "The scaling policy and what it would decide.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AutoscaleCommand.Policy.class, AutoscaleCommand.Plan.class})
final class AutoscaleCommand {
    @Command(name = "policy", description = "Prints the policy in force.", mixinStandardHelpOptions = true)
    static final class Policy extends MonitorCommand.Base {
        private static final List<String> KEYS = List.of(
                "metric",
                "scale_up_threshold",
                "scale_down_threshold",
                "scale_step",
                "min_replicas",
                "max_replicas",
                "scale_up_cooldown_seconds",
                "scale_down_cooldown_seconds",
                "reviewed_on",
                "approved_by");

        @Override
        public Integer call() {
            JsonNode policy = connection.client().get("/api/autoscale/policy" + connection.query("?"));
            if (connection.json()) {
                out().println(Connection.pretty(policy));
                return HyperionCli.DONE;
            }
            for (String key : KEYS) {
                if (policy.hasNonNull(key)) {
                    out().println(key + ": " + text(policy.get(key)));
                }
            }
            return HyperionCli.DONE;
        }

        /** Seconds and counts without a decimal point, thresholds with one. */
        private static String text(JsonNode value) {
            boolean whole = value.isDouble() && value.asDouble() == Math.rint(value.asDouble());
            return whole ? value.asDouble() + "" : value.asText();
        }
    }

    @Command(
            name = "plan",
            description = "Prints what would be decided now; changes nothing.",
            mixinStandardHelpOptions = true)
    static final class Plan extends MonitorCommand.Base {
        @Option(names = "--replicas", description = "Decide from this count instead of the observed one.")
        private @Nullable Integer replicas;

        @Override
        public Integer call() {
            ObjectNode body = connection.body();
            if (replicas != null) {
                body.put("replicas", replicas);
            }
            JsonNode decision = connection.client().post("/api/autoscale/plan", body);
            if (connection.json()) {
                out().println(Connection.pretty(decision));
                return HyperionCli.DONE;
            }
            for (JsonNode input : decision.get("inputs")) {
                out().println("reading:   " + input.get("metric").asText() + " = "
                        + (input.hasNonNull("value") ? input.get("value").asText() : "none") + " ("
                        + input.get("detail").asText() + ")");
            }
            out().println("decision:  " + decision.get("decision").asText());
            out().println("replicas:  " + decision.get("current").asInt() + " -> "
                    + decision.get("target").asInt());
            out().println("rationale: " + decision.get("rationale").asText());
            return HyperionCli.DONE;
        }
    }
}
