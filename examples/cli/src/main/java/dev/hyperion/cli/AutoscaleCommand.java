// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code autoscale}: the policy, what it decides and has decided, and what people want instead. */
@Command(
        name = "autoscale",
        description = "The scaling policy, what it decides, and what people want instead.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AutoscaleCommand.Policy.class,
            AutoscaleCommand.Plan.class,
            AutoscaleCommand.History.class,
            OverrideCommand.Pause.class,
            OverrideCommand.Pin.class,
            OverrideCommand.UpOnly.class,
            OverrideCommand.DownOnly.class,
            OverrideCommand.Resume.class,
            OverrideCommand.ListOverrides.class,
            SimulateCommand.class,
            AutoscaleCommand.Lint.class
        })
final class AutoscaleCommand {
    @Command(
            name = "policy",
            description = "Prints the policy in force, and where each value came from.",
            mixinStandardHelpOptions = true)
    static final class Policy extends MonitorCommand.Base {
        @Option(names = "--config", description = "Read this configuration instead of asking an instance.")
        private @Nullable Path config;

        @Override
        public Integer call() {
            JsonNode policy = config == null
                    ? connection.client().get("/api/autoscale/policy" + connection.query("?"))
                    : LocalPolicies.of(config).one(connection.application());
            if (connection.json()) {
                out().println(Connection.pretty(policy));
                return HyperionCli.DONE;
            }
            int width = 0;
            List<String> lines = new ArrayList<>();
            for (JsonNode setting : policy.get("settings")) {
                String line = setting.get("key").asText() + ": "
                        + setting.get("value").asText();
                lines.add(line);
                width = Math.max(width, line.length());
            }
            for (int i = 0; i < lines.size(); i++) {
                out().println(lines.get(i) + " ".repeat(width - lines.get(i).length()) + "  # "
                        + policy.get("settings").get(i).get("place").asText());
            }
            OverrideCommand.lines(policy).forEach(out()::println);
            policy.get("findings").forEach(finding -> out().println(Lint.told(policy, finding)));
            return HyperionCli.DONE;
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
            for (JsonNode clamp : decision.get("clamps")) {
                out().println("limited:   " + clamp.get("before").asInt() + " -> "
                        + clamp.get("after").asInt() + ", " + clamp.get("code").asText() + " ("
                        + clamp.get("because").asText() + ")");
            }
            OverrideCommand.lines(decision).forEach(out()::println);
            out().println("reasons:   " + reasons(decision));
            out().println("rationale: " + decision.get("rationale").asText());
            return HyperionCli.DONE;
        }
    }

    private static String reasons(JsonNode decision) {
        List<String> reasons = new ArrayList<>();
        decision.get("reasons").forEach(reason -> reasons.add(reason.asText()));
        return String.join(", ", reasons);
    }

    @Command(
            name = "history",
            description = "Lists past decisions, the newest first; with --json their whole records.",
            mixinStandardHelpOptions = true)
    static final class History extends MonitorCommand.Base {
        @Option(
                names = "--limit",
                description = "How many at most, up to 1000; ${DEFAULT-VALUE} if not given.",
                defaultValue = "50")
        private int limit;

        @Option(names = "--since", description = "None before: how long ago, such as 2h, or a time.")
        private @Nullable String since;

        @Option(names = "--changes", description = "Only those that would change the replica count.")
        private boolean changes;

        @Override
        public Integer call() {
            JsonNode answer = connection
                    .client()
                    .get("/api/autoscale/history?limit=" + limit + "&changes=" + changes
                            + (since == null ? "" : "&since=" + ApiClient.encoded(since)) + connection.query("&"));
            if (connection.json()) {
                out().println(Connection.pretty(answer));
                return HyperionCli.DONE;
            }
            for (JsonNode entry : answer.get("history")) {
                String detail = entry.get("detail").asText();
                out().printf(
                                "%-24s  %s  %3d -> %-3d  %-9s  %s%s%n",
                                Instant.parse(entry.get("at").asText()).truncatedTo(ChronoUnit.MILLIS),
                                entry.get("application").asText(),
                                entry.get("current").asInt(),
                                entry.get("target").asInt(),
                                entry.get("outcome").asText(),
                                reasons(entry),
                                detail.isEmpty() ? "" : " (" + detail + ")");
            }
            return HyperionCli.DONE;
        }
    }

    @Command(
            name = "lint",
            description = "Looks for policies that are valid and cannot work well; exit code 1 if one flaps.",
            mixinStandardHelpOptions = true)
    static final class Lint extends MonitorCommand.Base {
        @Option(names = "--config", description = "Look at this configuration instead of asking an instance.")
        private @Nullable Path config;

        @Override
        public Integer call() {
            JsonNode policies = config == null
                    ? connection.client().get("/api/autoscale/policies").get("policies")
                    : LocalPolicies.of(config).all();
            int errors = 0;
            int warnings = 0;
            List<String> lines = new ArrayList<>();
            for (JsonNode policy : policies) {
                for (JsonNode finding : policy.get("findings")) {
                    String level = finding.get("level").asText();
                    errors += level.equals("error") ? 1 : 0;
                    warnings += level.equals("warning") ? 1 : 0;
                    lines.add(told(policy, finding));
                }
            }
            if (connection.json()) {
                out().println(Connection.pretty(policies));
            } else {
                lines.forEach(out()::println);
                out().println(counted(policies.size(), "policy", "policies") + ": " + counted(errors, "error", "errors")
                        + ", " + counted(warnings, "warning", "warnings"));
            }
            return errors == 0 ? HyperionCli.DONE : HyperionCli.REFUSED;
        }

        /** As mistakes of a configuration are told: place, key, value and what to do. */
        static String told(JsonNode policy, JsonNode finding) {
            String section = policy.hasNonNull("application")
                    ? "applications." + policy.get("application").asText() + "."
                    : "";
            return finding.get("level").asText() + ": "
                    + finding.get("place").asText() + ": autoscale." + section
                    + finding.get("key").asText() + " " + finding.get("message").asText();
        }

        private static String counted(int count, String one, String many) {
            return count + " " + (count == 1 ? one : many);
        }
    }
}
