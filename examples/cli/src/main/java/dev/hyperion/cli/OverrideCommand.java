// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code autoscale} by which people say what they want instead, for a while. */
final class OverrideCommand {
    private static final String PATH = "/api/autoscale/overrides";

    private OverrideCommand() {}

    /** The overrides in an answer, one line each. */
    static List<String> lines(JsonNode answer) {
        List<String> lines = new ArrayList<>();
        answer.path("overrides").forEach(override -> lines.add("override:  " + told(override)));
        return lines;
    }

    private static String told(JsonNode override) {
        boolean configured = override.get("origin").asText().equals("config");
        return override.get("told").asText() + (configured ? ", by the configuration" : "");
    }

    /** What every override has: an end and a reason. */
    abstract static class Saying extends MonitorCommand.Base {
        @Option(names = "--for", description = "How long, such as 30m; 1h if not given, 7d at most.")
        private @Nullable String length;

        @Option(names = "--until", description = "Until when instead, such as 2026-12-01T08:00:00Z.")
        private @Nullable String until;

        @Option(names = "--reason", required = true, description = "Why, for the audit and every decision meanwhile.")
        private String reason = "";

        Integer say(ObjectNode body) {
            body.put("why", reason);
            if (length != null) {
                body.put("for", length);
            }
            if (until != null) {
                body.put("until", until);
            }
            JsonNode override = connection.client().post(PATH, body);
            if (connection.json()) {
                out().println(Connection.pretty(override));
            } else {
                out().println("scaling of " + override.get("application").asText() + " is "
                        + override.get("told").asText() + "; end it with: hyperion_cli autoscale resume");
            }
            return HyperionCli.DONE;
        }
    }

    @Command(
            name = "pause",
            description = "Changes nothing for a while; out of bounds is corrected all the same.",
            mixinStandardHelpOptions = true)
    static final class Pause extends Saying {
        @Override
        public Integer call() {
            return say(connection.body().put("kind", "pause"));
        }
    }

    @Command(
            name = "pin",
            description = "Keeps so many replicas for a while, whatever cooldowns say; within the bounds.",
            mixinStandardHelpOptions = true)
    static final class Pin extends Saying {
        @Parameters(description = "How many replicas.")
        private int replicas;

        @Override
        public Integer call() {
            return say(connection.body().put("kind", "pinned").put("replicas", replicas));
        }
    }

    @Command(name = "up-only", description = "Removes no replica for a while.", mixinStandardHelpOptions = true)
    static final class UpOnly extends Saying {
        @Override
        public Integer call() {
            return say(connection.body().put("kind", "up-only"));
        }
    }

    @Command(name = "down-only", description = "Adds no replica for a while.", mixinStandardHelpOptions = true)
    static final class DownOnly extends Saying {
        @Override
        public Integer call() {
            return say(connection.body().put("kind", "down-only"));
        }
    }

    @Command(
            name = "resume",
            description = "Ends pause, pin, up-only or down-only before its time.",
            mixinStandardHelpOptions = true)
    static final class Resume extends MonitorCommand.Base {
        @Option(names = "--reason", description = "Why, for the audit.", defaultValue = "")
        private String reason = "";

        @Override
        public Integer call() {
            String who = connection.body().get("who").asText();
            JsonNode answer = connection
                    .client()
                    .delete(PATH + "?who=" + ApiClient.encoded(who) + "&why=" + ApiClient.encoded(reason)
                            + connection.query("&"));
            if (connection.json()) {
                out().println(Connection.pretty(answer));
                return HyperionCli.DONE;
            }
            JsonNode ended = answer.get("ended");
            out().println("scaling of " + ended.get("application").asText() + " is no longer "
                    + ended.get("told").asText());
            out().println(answer.get("overrides").isEmpty() ? "the policy decides" : String.join("\n", lines(answer)));
            return HyperionCli.DONE;
        }
    }

    @Command(
            name = "overrides",
            description = "Lists what is in force instead of the policies' decisions.",
            mixinStandardHelpOptions = true)
    static final class ListOverrides extends MonitorCommand.Base {
        @Override
        public Integer call() {
            JsonNode answer = connection.client().get(PATH + connection.query("?"));
            if (connection.json()) {
                out().println(Connection.pretty(answer));
                return HyperionCli.DONE;
            }
            for (JsonNode override : answer.get("overrides")) {
                out().println(override.get("application").asText() + "  " + told(override));
            }
            if (answer.get("overrides").isEmpty()) {
                out().println("nothing is overridden; the policies decide");
            }
            return HyperionCli.DONE;
        }
    }
}
