// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code monitor}: what is measured, logged and alerted. */
@Command(
        name = "monitor",
        description = "What is measured, logged and alerted.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            MonitorCommand.Status.class,
            MonitorCommand.Logs.class,
            MonitorCommand.Alert.class,
            MonitorCommand.Reset.class,
            MonitorCommand.Watch.class
        })
final class MonitorCommand {
    /** What every command of this group has. */
    abstract static class Base implements Callable<Integer> {
        @Mixin
        final Connection connection = new Connection();

        @Spec
        private @Nullable CommandSpec spec;

        PrintWriter out() {
            if (spec == null) {
                throw new IllegalStateException("picocli sets the spec before it calls");
            }
            return spec.commandLine().getOut();
        }
    }

    @Command(name = "status", description = "Exports everything as JSON.", mixinStandardHelpOptions = true)
    static final class Status extends Base {
        @Override
        public Integer call() {
            out().println(Connection.pretty(connection.client().get("/api/monitoring")));
            return HyperionCli.DONE;
        }
    }

    @Command(name = "logs", description = "Prints the newest log entries.", mixinStandardHelpOptions = true)
    static final class Logs extends Base {
        @Option(
                names = "--limit",
                description = "How many at most; ${DEFAULT-VALUE} if not given.",
                defaultValue = "100")
        private int limit;

        @Option(names = "--level", description = "This level and above: trace, debug, info, warn or error.")
        private @Nullable String level;

        @Option(names = "--follow", description = "Go on with what comes, and tell what was missed, until interrupted.")
        private boolean follow;

        @Option(names = "--interval", description = "Seconds between looks; ${DEFAULT-VALUE}.", defaultValue = "1")
        private int interval;

        @Override
        public Integer call() throws InterruptedException {
            ApiClient client = connection.client();
            JsonNode answer = client.get(query(""));
            if (!follow) {
                print(answer);
                return HyperionCli.DONE;
            }
            print(answer.get("logs"), "");
            long after = answer.get("next").asLong();
            while (true) {
                // a full page is followed by the next one at once
                if (answer.get("logs").size() < limit) {
                    TimeUnit.SECONDS.sleep(interval);
                }
                answer = client.get(query("&after=" + after));
                long next = answer.get("next").asLong();
                long missed = answer.get("missed").asLong();
                print(
                        answer.get("logs"),
                        next < after
                                ? "the instance has started anew"
                                : missed > 0 ? missed + " entries were overwritten before they could be read" : "");
                after = next;
            }
        }

        private String query(String more) {
            return "/api/logs?limit=" + limit + (level == null ? "" : "&level=" + ApiClient.encoded(level)) + more;
        }

        private void print(JsonNode answer) {
            if (connection.json()) {
                out().println(Connection.pretty(answer));
            } else {
                print(answer.get("logs"), "");
            }
        }

        private void print(JsonNode entries, String gap) {
            if (!gap.isEmpty() && !connection.json()) {
                out().println("-- " + gap + " --");
            }
            for (JsonNode entry : entries) {
                if (connection.json()) {
                    out().println(entry);
                    continue;
                }
                long occurrences = entry.get("occurrences").asLong();
                out().printf(
                                "%s %-5s %s  %s%s%n",
                                entry.get("at").asText(),
                                entry.get("level").asText(),
                                entry.get("logger").asText(),
                                entry.get("message").asText(),
                                occurrences > 1 ? "  (" + occurrences + " times more)" : "");
                if (entry.has("stack")) {
                    entry.get("stack").asText().lines().forEach(line -> out().println("    " + line));
                }
            }
            out().flush();
        }
    }

    @Command(
            name = "alert",
            description = "The alert rules.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND",
            subcommands = {AddAlert.class, ListAlerts.class, RemoveAlert.class})
    static final class Alert {}

    @Command(name = "add", description = "Adds a rule, kept over restarts.", mixinStandardHelpOptions = true)
    static final class AddAlert extends Base {
        @Parameters(index = "0", description = "What is watched, such as latency.p95.")
        private String metric = "";

        @Parameters(index = "1", description = "gt, ge, lt, le or eq.")
        private String comparison = "";

        @Parameters(index = "2", description = "The limit, such as 250 or '250 ms'.")
        private String threshold = "";

        @Parameters(index = "3", arity = "0..1", defaultValue = "1", description = "Hits in a row; 1 if not given.")
        private int hits;

        @Option(names = "--name", description = "The rule's name; metric and comparison if not given.")
        private @Nullable String name;

        @Override
        public Integer call() {
            ObjectNode body = connection
                    .body()
                    .put("metric", metric)
                    .put("comparison", comparison.toLowerCase(Locale.ROOT))
                    .put("threshold", threshold)
                    .put("hits", hits)
                    .put("origin", "cli");
            if (name != null) {
                body.put("name", name);
            }
            connection.client().post("/api/alerts", body);
            out().println("alert on " + metric + " " + comparison + " " + threshold + " after " + hits
                    + (hits == 1 ? " hit" : " hits") + " is added");
            return HyperionCli.DONE;
        }
    }

    @Command(name = "list", description = "Lists the rules and where they stand.", mixinStandardHelpOptions = true)
    static final class ListAlerts extends Base {
        @Override
        public Integer call() {
            JsonNode answer = connection.client().get("/api/alerts");
            if (connection.json()) {
                out().println(Connection.pretty(answer));
                return HyperionCli.DONE;
            }
            out().printf("%-28s %-28s %-22s %7s  %-9s %s%n", "NAME", "METRIC", "THRESHOLD", "HITS", "STATE", "ORIGIN");
            for (JsonNode alert : answer.get("alerts")) {
                String labels = alert.get("labels").isEmpty() ? "" : " " + alert.get("labels");
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
                                labels);
            }
            return HyperionCli.DONE;
        }
    }

    @Command(name = "remove", description = "Removes a rule.", mixinStandardHelpOptions = true)
    static final class RemoveAlert extends Base {
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
            name = "reset",
            description = "Sets a new baseline for windows, snapshot and alert hits.",
            mixinStandardHelpOptions = true)
    static final class Reset extends Base {
        @Override
        public Integer call() {
            connection.client().post("/api/monitoring/reset", connection.body());
            out().println("monitoring begins anew; rules, history and what scrapers see stay");
            return HyperionCli.DONE;
        }
    }

    @Command(name = "watch", description = "Prints the main figures again and again.", mixinStandardHelpOptions = true)
    static final class Watch extends Base {
        @Option(names = "--interval", description = "Seconds from line to line; ${DEFAULT-VALUE}.", defaultValue = "2")
        private int interval;

        @Option(names = "--count", description = "How many lines; without end if not given.", defaultValue = "0")
        private int count;

        @Override
        public Integer call() throws InterruptedException {
            for (int i = 0; count == 0 || i < count; i++) {
                if (i > 0) {
                    TimeUnit.SECONDS.sleep(interval);
                }
                print(connection.client().get("/api/monitoring"));
            }
            return HyperionCli.DONE;
        }

        private void print(JsonNode monitoring) {
            StringBuilder line = new StringBuilder(monitoring.get("at").asText());
            for (JsonNode course : monitoring.get("performance_monitor")) {
                JsonNode points = course.get("series");
                if (!points.isEmpty()) {
                    line.append(String.format(
                            Locale.ROOT,
                            "  %s %.4g",
                            course.get("metric").asText(),
                            points.get(points.size() - 1).get("v").asDouble()));
                }
            }
            line.append("  health ")
                    .append(monitoring.get("health").get("status").asText());
            out().println(line);
            out().flush();
        }
    }
}
