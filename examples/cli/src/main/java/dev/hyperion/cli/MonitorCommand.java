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
            MonitorCommand.Level.class,
            AlertCommand.class,
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
            name = "level",
            description = "Shows or sets from which level on a logger of the instance logs.",
            mixinStandardHelpOptions = true)
    static final class Level extends Base {
        @Parameters(index = "0", description = "The logger, such as dev.shop.orders; ROOT for the one above all.")
        private String logger = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                description = "trace, debug, info, warn or error; reset for what it had; shown if not given.")
        private @Nullable String level;

        @Option(
                names = "--for",
                description = "How long, such as 10m; until it is reset or the instance ends if not given.")
        private @Nullable String lasting;

        @Override
        public Integer call() {
            String path = "/api/loggers/" + ApiClient.encoded(logger);
            JsonNode state;
            if (level == null) {
                state = connection.client().get(path);
            } else if (level.equals("reset")) {
                state = connection.client().delete(path);
            } else {
                ObjectNode body = connection.body().put("level", level);
                if (lasting != null) {
                    body.put("for", lasting);
                }
                state = connection.client().put(path, body);
            }
            if (connection.json()) {
                out().println(Connection.pretty(state));
                return HyperionCli.DONE;
            }
            for (JsonNode backend : state.get("backends")) {
                out().println(logger + " logs " + backend.get("level").asText() + " in "
                        + backend.get("backend").asText()
                        + (state.hasNonNull("until")
                                ? " until " + state.get("until").asText()
                                : ""));
            }
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
