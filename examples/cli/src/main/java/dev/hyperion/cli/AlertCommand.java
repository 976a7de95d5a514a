// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code monitor alert}: the rules, where they stand, and what is silenced. */
@Command(
        name = "alert",
        description = "The alert rules, and silences.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AlertCommand.Add.class,
            AlertCommand.ListRules.class,
            AlertCommand.Remove.class,
            AlertCommand.Export.class,
            AlertCommand.Silence.class,
            AlertCommand.Silences.class,
            AlertCommand.Unsilence.class
        })
final class AlertCommand {
    private static void put(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static void putAll(ObjectNode body, String name, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            ObjectNode object = body.putObject(name);
            texts.forEach(object::put);
        }
    }

    private static void putAll(ObjectNode body, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            texts.forEach(body.putArray(name)::add);
        }
    }

    @Command(name = "add", description = "Adds a rule, kept over restarts.", mixinStandardHelpOptions = true)
    static final class Add extends MonitorCommand.Base {
        @Parameters(index = "0", description = "What is watched: latency.p95, or 'error.rate / latency.rate'.")
        private String metric = "";

        @Parameters(index = "1", description = "gt, ge, lt, le or eq.")
        private String comparison = "";

        @Parameters(index = "2", description = "The limit, such as 250 or '250 ms'.")
        private String threshold = "";

        @Parameters(index = "3", arity = "0..1", defaultValue = "1", description = "Hits in a row; 1 if not given.")
        private int hits;

        @Option(names = "--name", description = "The rule's name; metric and comparison if not given.")
        private @Nullable String name;

        @Option(names = "--for", description = "How long the hits must last, such as 5m.")
        private @Nullable String lasting;

        @Option(names = "--clear", description = "The limit for a firing alert to be clear, such as '200 ms'.")
        private @Nullable String clear;

        @Option(names = "--keep-firing-for", description = "How long it fires on after the condition ended.")
        private @Nullable String keepFiringFor;

        @Option(names = "--window", description = "How far back each reading looks.")
        private @Nullable String window;

        @Option(names = "--by", split = ",", description = "One state for each combination of these labels.")
        private List<String> by = new ArrayList<>();

        @Option(names = "--on-missing", description = "What missing data does: keep, fire or resolve.")
        private @Nullable String onMissing;

        @Option(names = "--severity", description = "info, warning or critical.")
        private @Nullable String severity;

        @Option(names = "--label", description = "A further label of its events, name=value.")
        private Map<String, String> labels = new LinkedHashMap<>();

        @Option(names = "--notify", split = ",", description = "Who is told; everybody if not given.")
        private List<String> notify = new ArrayList<>();

        @Option(names = "--contact", description = "Whom to call: one of the contacts of the configuration.")
        private @Nullable String contact;

        @Option(names = "--runbook", description = "The page that says what to do.")
        private @Nullable String runbook;

        @Option(names = "--action", description = "What is done beside telling people: block-ip.")
        private @Nullable String action;

        @Option(names = "--block-for", description = "How long block-ip blocks; 15m if not given.")
        private @Nullable String blockFor;

        @Option(names = "--description", description = "For people.")
        private @Nullable String description;

        @Override
        public Integer call() {
            ObjectNode body = ApiClient.JSON
                    .createObjectNode()
                    .put("metric", metric)
                    .put("comparison", comparison.toLowerCase(Locale.ROOT))
                    .put("threshold", threshold)
                    .put("hits", hits)
                    .put("origin", "cli");
            put(body, "name", name);
            put(body, "for", lasting);
            put(body, "clear_threshold", clear);
            put(body, "keep_firing_for", keepFiringFor);
            put(body, "window", window);
            putAll(body, "by", by);
            put(body, "on_missing", onMissing);
            put(body, "severity", severity);
            putAll(body, "labels", labels);
            putAll(body, "notify", notify);
            put(body, "contact", contact);
            put(body, "runbook", runbook);
            put(body, "action", action);
            put(body, "block_for", blockFor);
            put(body, "description", description);
            connection.client().post("/api/alerts", body);
            out().println("alert on " + metric + " " + comparison + " " + threshold + " after " + hits
                    + (hits == 1 ? " hit" : " hits") + " is added");
            return HyperionCli.DONE;
        }
    }

    @Command(name = "list", description = "Lists the rules and where they stand.", mixinStandardHelpOptions = true)
    static final class ListRules extends MonitorCommand.Base {
        @Override
        public Integer call() {
            JsonNode answer = connection.client().get("/api/alerts");
            if (connection.json()) {
                out().println(Connection.pretty(answer));
                return HyperionCli.DONE;
            }
            out().printf("%-28s %-28s %-22s %7s  %-9s %s%n", "NAME", "METRIC", "THRESHOLD", "HITS", "STATE", "ORIGIN");
            for (JsonNode alert : answer.get("alerts")) {
                out().printf(
                                "%-28s %-28s %-22s %3d/%-3d  %-9s %s%s%n",
                                alert.get("name").asText(),
                                alert.get("metric").asText(),
                                alert.get("comparison").asText() + " "
                                        + alert.get("threshold").asText(),
                                alert.get("current_hits").asInt(),
                                alert.get("required_hits").asInt(),
                                alert.get("state").asText(),
                                alert.get("origin").asText(),
                                remarks(alert));
            }
            return HyperionCli.DONE;
        }

        private static String remarks(JsonNode alert) {
            StringBuilder remarks = new StringBuilder();
            if (!alert.get("labels").isEmpty()) {
                remarks.append(' ').append(alert.get("labels"));
            }
            if (alert.path("no_data").asBoolean()) {
                String detail = alert.path("detail").asText();
                remarks.append("  no data").append(detail.isEmpty() ? "" : ": " + detail);
            }
            if (alert.hasNonNull("silence")) {
                remarks.append("  silenced");
            }
            return remarks.toString();
        }
    }

    @Command(name = "remove", description = "Removes a rule.", mixinStandardHelpOptions = true)
    static final class Remove extends MonitorCommand.Base {
        @Parameters(description = "The rule's name.")
        private String name = "";

        @Override
        public Integer call() {
            connection.client().delete("/api/alerts/" + ApiClient.encoded(name));
            out().println("alert " + name + " is removed");
            return HyperionCli.DONE;
        }
    }

    @Command(
            name = "export",
            description = "Prints the rules as a rule file of Prometheus.",
            mixinStandardHelpOptions = true)
    static final class Export extends MonitorCommand.Base {
        @Override
        public Integer call() {
            out().print(connection.client().text("/api/alerts/rules.yaml"));
            out().flush();
            return HyperionCli.DONE;
        }
    }

    @Command(
            name = "silence",
            description = "Silences alerts for a time: they keep their state, nobody is told, nothing is blocked.",
            mixinStandardHelpOptions = true)
    static final class Silence extends MonitorCommand.Base {
        @Parameters(index = "0", description = "The rule's name, or '*' for every rule.")
        private String rule = "";

        @Option(names = "--for", description = "How long, such as 2h.")
        private @Nullable String length;

        @Option(names = "--until", description = "Until when, such as 2026-12-01T08:00:00Z.")
        private @Nullable String until;

        @Option(names = "--label", description = "A label that the alert must carry, name=value.")
        private Map<String, String> labels = new LinkedHashMap<>();

        @Option(names = "--why", description = "For people.")
        private @Nullable String why;

        @Option(names = "--who", description = "Who wants it; the user's name if not given.")
        private String who = System.getProperty("user.name", "cli");

        @Override
        public Integer call() {
            ObjectNode body =
                    ApiClient.JSON.createObjectNode().put("rule", rule).put("who", who);
            put(body, "for", length);
            put(body, "until", until);
            putAll(body, "labels", labels);
            put(body, "why", why);
            JsonNode silence = connection.client().post("/api/silences", body);
            out().println("alert " + rule + " is silenced until "
                    + silence.get("until").asText() + "; end it with: monitor alert unsilence "
                    + silence.get("id").asText());
            return HyperionCli.DONE;
        }
    }

    @Command(name = "silences", description = "Lists what is silenced.", mixinStandardHelpOptions = true)
    static final class Silences extends MonitorCommand.Base {
        @Override
        public Integer call() {
            JsonNode answer = connection.client().get("/api/silences");
            if (connection.json()) {
                out().println(Connection.pretty(answer));
                return HyperionCli.DONE;
            }
            out().printf("%-36s %-20s %-28s %-12s %s%n", "ID", "UNTIL", "RULE", "WHO", "WHY");
            for (JsonNode silence : answer.get("silences")) {
                String labels = silence.get("labels").isEmpty() ? "" : " " + silence.get("labels");
                out().printf(
                                "%-36s %-20s %-28s %-12s %s%n",
                                silence.get("id").asText(),
                                silence.get("until").asText(),
                                silence.get("rule").asText() + labels,
                                silence.get("who").asText(),
                                silence.get("why").asText());
            }
            return HyperionCli.DONE;
        }
    }

    @Command(name = "unsilence", description = "Ends a silence.", mixinStandardHelpOptions = true)
    static final class Unsilence extends MonitorCommand.Base {
        @Parameters(description = "Its id, as 'monitor alert silences' shows it.")
        private String id = "";

        @Override
        public Integer call() {
            connection.client().delete("/api/silences/" + ApiClient.encoded(id));
            out().println("silence " + id + " is ended");
            return HyperionCli.DONE;
        }
    }
}
