// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code plugins}: what an instance has on its class path. */
@Command(name = "plugins", description = "Lists the plugins that are there.", mixinStandardHelpOptions = true)
final class PluginsCommand extends MonitorCommand.Base {
    @Override
    public Integer call() {
        JsonNode answer = connection.client().get("/api/plugins");
        if (connection.json()) {
            out().println(Connection.pretty(answer));
            return HyperionCli.DONE;
        }
        for (JsonNode plugin : answer.get("plugins")) {
            out().printf(
                            "%-18s %-12s %s%n",
                            plugin.get("kind").asText(),
                            plugin.get("name").asText(),
                            plugin.get("provider").asText());
        }
        answer.get("broken")
                .forEach(broken -> out().println("broken " + broken.get("kind").asText() + ": "
                        + broken.get("why").asText()));
        return answer.get("broken").isEmpty() ? HyperionCli.DONE : HyperionCli.REFUSED;
    }
}
