// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** {@code readiness}: the checklist of the playbook, as far as a machine can tick it. */
@Command(
        name = "readiness",
        description = "Goes through the production checklist; exit code 1 if something is open.",
        mixinStandardHelpOptions = true)
final class ReadinessCommand extends MonitorCommand.Base {
    @Override
    public Integer call() {
        ApiClient client = connection.client();
        boolean ready = true;
        ready &= tick(
                "monitoring center initialized",
                client,
                "/api/monitoring",
                answer -> answer.get("metrics").size()
                        + " meters, health "
                        + answer.get("health").get("status").asText());
        ready &= tick(
                "alert rules in force",
                client,
                "/api/alerts",
                answer -> answer.get("alerts").isEmpty()
                        ? ""
                        : answer.get("alerts").size() + " rules");
        ready &= tick(
                "autoscaler policy in force",
                client,
                "/api/autoscale/policy" + connection.query("?"),
                answer -> answer.get("title").asText()
                        + (answer.hasNonNull("approved_by")
                                ? ", approved by " + answer.get("approved_by").asText()
                                : ""));
        ready &= tick(
                "something is deployed and healthy",
                client,
                "/api/deploy/status" + connection.query("?"),
                answer -> answer.get("active_replicas").asInt()
                                        >= answer.get("desired_replicas").asInt()
                                && answer.hasNonNull("stable")
                        ? answer.get("stable").asText() + " with "
                                + answer.get("active_replicas").asInt() + " replicas"
                        : "");
        ready &= tick(
                "health endpoint answers",
                client,
                "/api/health",
                answer -> answer.get("status").asText());
        return ready ? HyperionCli.DONE : HyperionCli.REFUSED;
    }

    /** An empty word means that it is open. */
    private boolean tick(String item, ApiClient client, String path, Function<JsonNode, String> word) {
        String found;
        try {
            found = word.apply(client.get(path));
        } catch (RefusedByInstance e) {
            out().printf("[ ] %-36s %s%n", item, e.getMessage());
            return false;
        }
        out().printf("[%s] %-36s %s%n", found.isEmpty() ? " " : "x", item, found.isEmpty() ? "not yet" : found);
        return !found.isEmpty();
    }
}
