// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deploy}: plans, rollouts and their history. */
@Command(
        name = "deploy",
        description = "Plans, rollouts and their history.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DeployCommand.Plan.class,
            DeployCommand.Apply.class,
            DeployCommand.Rollback.class,
            DeployCommand.Scale.class,
            DeployCommand.Status.class,
            DeployCommand.History.class,
            DeployCommand.Promote.class,
            DeployCommand.Pause.class,
            DeployCommand.Resume.class,
            DeployCommand.Abort.class
        })
final class DeployCommand {
    /** What commands that start or follow a rollout have. */
    abstract static class Following extends MonitorCommand.Base {
        @Option(names = "--no-wait", description = "Return once the rollout has begun.")
        private boolean noWait;

        /** Prints each step as it is begun; 0 if the rollout ends as it should. */
        int follow(JsonNode begun) throws InterruptedException {
            String id = begun.get("rollout").asText();
            String application = begun.get("application").asText();
            if (noWait) {
                out().println("rollout " + id + " has begun; follow it with: hyperion_cli deploy status");
                return HyperionCli.DONE;
            }
            String told = "";
            while (true) {
                JsonNode status =
                        connection.client().get("/api/deploy/status?application=" + ApiClient.encoded(application));
                JsonNode open = status.get("rollout");
                JsonNode last = status.get("last_rollout");
                if (open.hasNonNull("id")
                        && open.get("id").asText().equals(id)
                        && !isOver(open.get("state").asText())) {
                    String line = "step " + open.get("step").asInt() + " of "
                            + open.get("step_count").asInt() + ": "
                            + open.get("step_description").asText();
                    if (!line.equals(told)) {
                        out().println(line);
                        out().flush();
                        told = line;
                    }
                } else if (last.hasNonNull("rollout")
                        && last.get("rollout").asText().equals(id)) {
                    String state = last.get("state").asText();
                    out().println("rollout " + id + " " + state.replace('_', ' ') + ": "
                            + last.get("reason").asText());
                    return state.equals("succeeded") ? HyperionCli.DONE : HyperionCli.REFUSED;
                }
                TimeUnit.MILLISECONDS.sleep(300);
            }
        }

        private static boolean isOver(String state) {
            return state.equals("succeeded") || state.equals("rolled_back") || state.equals("held");
        }

        JsonNode plan(Path file) {
            ObjectNode body = connection.body();
            try {
                body.put("file", file.toAbsolutePath().normalize().toString());
                body.put("config", Files.readString(file));
            } catch (NoSuchFileException e) {
                throw new RefusedByInstance(file + ": does not exist; check the path");
            } catch (IOException e) {
                throw new RefusedByInstance(file + ": cannot be read: " + e);
            }
            return connection.client().post("/api/deploy/plan", body);
        }

        void print(JsonNode plan) {
            out().println("plan " + plan.get("id").asText() + ": "
                    + plan.get("application").asText() + " "
                    + plan.get("version").asText()
                    + (plan.hasNonNull("stable")
                            ? ", in place of " + plan.get("stable").asText()
                            : ", for the first time"));
            out().println("artifact:        " + plan.get("artifact").asText());
            out().println("sha256:          " + plan.get("artifact_sha256").asText());
            if (plan.hasNonNull("rollback_target")) {
                out().println("rollback target: " + plan.get("rollback_target").asText());
            }
            if (!plan.get("reviewers").isEmpty()) {
                out().println("reviewers:       " + plan.get("reviewers"));
            }
            int number = 1;
            for (JsonNode step : plan.get("steps")) {
                out().printf(
                                Locale.ROOT,
                                "%3d. %s%n",
                                number++,
                                step.get("description").asText());
            }
            plan.get("warnings").forEach(warning -> out().println("warning: " + warning.asText()));
            if (plan.hasNonNull("autoscaler")) {
                out().println("autoscaler: "
                        + plan.get("autoscaler").get("decision").asText() + ", "
                        + plan.get("autoscaler").get("rationale").asText());
            }
        }
    }

    @Command(name = "plan", description = "Shows what a plan file would change.", mixinStandardHelpOptions = true)
    static final class Plan extends Following {
        @Parameters(description = "The plan file.")
        private Path file = Path.of("");

        @Override
        public Integer call() {
            JsonNode plan = plan(file);
            if (connection.json()) {
                out().println(Connection.pretty(plan));
            } else {
                print(plan);
            }
            return HyperionCli.DONE;
        }
    }

    @Command(name = "apply", description = "Carries a plan file out.", mixinStandardHelpOptions = true)
    static final class Apply extends Following {
        @Parameters(description = "The plan file.")
        private Path file = Path.of("");

        @Option(names = "--notes", description = "The change in a sentence, for the audit.", defaultValue = "")
        private String notes = "";

        @Option(names = "--supersede", description = "Take the place of a rollout that is open.")
        private boolean supersede;

        @Override
        public Integer call() throws InterruptedException {
            JsonNode plan = plan(file);
            print(plan);
            ObjectNode body = connection
                    .body()
                    .put("plan", plan.get("id").asText())
                    .put("notes", notes)
                    .put("supersede", supersede);
            return follow(connection.client().post("/api/deploy/apply", body));
        }
    }

    @Command(
            name = "rollback",
            description = "Goes back to the version before, or to a version by name.",
            mixinStandardHelpOptions = true)
    static final class Rollback extends Following {
        @Parameters(arity = "0..1", description = "The version; the one before if not given.")
        private @Nullable String version;

        @Override
        public Integer call() throws InterruptedException {
            ObjectNode body = connection.body();
            if (version != null) {
                body.put("version", version);
            }
            JsonNode begun = connection.client().post("/api/deploy/rollback", body);
            int code = follow(begun);
            boolean aborted = begun.get("kind").asText().equals("apply");
            return aborted && code == HyperionCli.REFUSED ? HyperionCli.DONE : code;
        }
    }

    @Command(name = "scale", description = "Changes the number of replicas.", mixinStandardHelpOptions = true)
    static final class Scale extends Following {
        @Parameters(description = "How many replicas.")
        private int replicas;

        @Option(names = "--notes", description = "Why, for the audit.", defaultValue = "")
        private String notes = "";

        @Override
        public Integer call() throws InterruptedException {
            return follow(connection
                    .client()
                    .post(
                            "/api/deploy/scale",
                            connection.body().put("replicas", replicas).put("why", notes)));
        }
    }

    @Command(
            name = "status",
            description = "Shows what runs, what is under way, and what the autoscaler thinks.",
            mixinStandardHelpOptions = true)
    static final class Status extends MonitorCommand.Base {
        @Override
        public Integer call() {
            JsonNode status = connection.client().get("/api/deploy/status" + connection.query("?"));
            if (connection.json()) {
                out().println(Connection.pretty(status));
                return HyperionCli.DONE;
            }
            out().println("application: " + status.get("application").asText());
            out().println("stable:      " + status.get("stable").asText("none") + ", "
                    + status.get("active_replicas").asInt() + " of "
                    + status.get("desired_replicas").asInt()
                    + " replicas ready");
            if (status.hasNonNull("address")) {
                out().println("address:     " + status.get("address").asText());
            }
            out().printf("%-12s %8s %10s %10s  %s%n", "VERSION", "READY", "TRAFFIC", "IN FLIGHT", "REPLICAS");
            for (JsonNode version : status.get("versions")) {
                StringBuilder replicas = new StringBuilder();
                version.get("replicas")
                        .forEach(replica -> replicas.append(replicas.isEmpty() ? "" : ", ")
                                .append(replica.get("endpoint").asText())
                                .append(' ')
                                .append(replica.get("phase").asText()));
                out().printf(
                                "%-12s %4d/%-3d %9s%% %10s  %s%n",
                                version.get("version").asText(),
                                version.get("ready_replicas").asInt(),
                                version.get("desired_replicas").asInt(),
                                version.get("traffic_percent_in_force").asText("0"),
                                version.get("in_flight").asText("?"),
                                replicas);
            }
            JsonNode rollout = status.get("rollout");
            if (rollout.hasNonNull("id")) {
                out().println("rollout:     " + rollout.get("id").asText() + " to "
                        + rollout.get("to").asText() + " is "
                        + rollout.get("state").asText().replace('_', ' ') + ", step "
                        + rollout.get("step").asInt()
                        + " of " + rollout.get("step_count").asInt()
                        + (rollout.get("waiting_for").asText().isEmpty()
                                ? ""
                                : ": " + rollout.get("waiting_for").asText())
                        + (rollout.get("reason").asText().isEmpty()
                                ? ""
                                : " (" + rollout.get("reason").asText() + ")"));
            }
            out().println("rollback:    would " + status.get("rollback_would").asText());
            if (status.hasNonNull("autoscaler")) {
                out().println("autoscaler:  "
                        + status.get("autoscaler").get("decision").asText() + ", "
                        + status.get("autoscaler").get("rationale").asText());
            }
            status.get("problems").forEach(problem -> out().println("problem:     " + problem.asText()));
            return HyperionCli.DONE;
        }
    }

    @Command(name = "history", description = "Shows what was done.", mixinStandardHelpOptions = true)
    static final class History extends MonitorCommand.Base {
        @Override
        public Integer call() {
            JsonNode answer = connection.client().get("/api/deploy/history" + connection.query("?"));
            if (connection.json()) {
                out().println(Connection.pretty(answer));
                return HyperionCli.DONE;
            }
            for (JsonNode entry : answer.get("history")) {
                out().printf(
                                "%s  %-8s %-10s -> %-10s x%-3d %-12s by %s%s%s%n",
                                entry.get("started_at").asText(),
                                entry.get("kind").asText(),
                                entry.get("from").asText("-").replace("null", "-"),
                                entry.get("to").asText(),
                                entry.get("replicas").asInt(),
                                entry.get("state").asText(),
                                entry.get("who").asText(),
                                entry.get("notes").asText().isEmpty()
                                        ? ""
                                        : ", \"" + entry.get("notes").asText() + "\"",
                                entry.get("reason").asText().isEmpty()
                                        ? ""
                                        : ": " + entry.get("reason").asText());
            }
            return HyperionCli.DONE;
        }
    }

    @Command(name = "promote", description = "Ends the watch under way as passed.", mixinStandardHelpOptions = true)
    static final class Promote extends MonitorCommand.Base {
        @Override
        public Integer call() {
            connection.client().post("/api/deploy/promote", connection.body());
            out().println("the watch under way ends as passed");
            return HyperionCli.DONE;
        }
    }

    @Command(name = "pause", description = "Stops after the step under way.", mixinStandardHelpOptions = true)
    static final class Pause extends MonitorCommand.Base {
        @Override
        public Integer call() {
            connection.client().post("/api/deploy/pause", connection.body());
            out().println("the rollout stops after the step under way; go on with: hyperion_cli deploy resume");
            return HyperionCli.DONE;
        }
    }

    @Command(name = "resume", description = "Goes on after a pause.", mixinStandardHelpOptions = true)
    static final class Resume extends MonitorCommand.Base {
        @Override
        public Integer call() {
            connection.client().post("/api/deploy/resume", connection.body());
            out().println("the rollout goes on");
            return HyperionCli.DONE;
        }
    }

    @Command(name = "abort", description = "Goes back to the stable version.", mixinStandardHelpOptions = true)
    static final class Abort extends MonitorCommand.Base {
        @Option(names = "--notes", description = "Why, for the audit.", defaultValue = "")
        private String notes = "";

        @Override
        public Integer call() {
            connection.client().post("/api/deploy/abort", connection.body().put("why", notes));
            out().println("the rollout goes back; follow it with: hyperion_cli deploy status");
            return HyperionCli.DONE;
        }
    }
}
