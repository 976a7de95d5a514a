// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hyperion.cli.operator.Discovery;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which every command finds its instance and says how it prints. */
final class Connection {
    @Option(
            names = "--url",
            description = "The instance's address; else HYPERION_URL, else the one that runs on this machine.")
    private @Nullable String url;

    @Option(names = "--key", description = "The API key; else HYPERION_API_KEY, else that of the instance found.")
    private @Nullable String key;

    @Option(names = "--app", description = "The application, where there are several.")
    private @Nullable String application;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    boolean json() {
        return json;
    }

    Optional<String> application() {
        return Optional.ofNullable(application);
    }

    /** As a parameter of a path that has others before it or not. */
    String query(String separator) {
        return application()
                .map(app -> separator + "application=" + ApiClient.encoded(app))
                .orElse("");
    }

    ObjectNode body() {
        ObjectNode body = ApiClient.JSON.createObjectNode();
        application().ifPresent(app -> body.put("application", app));
        return body.put("who", System.getProperty("user.name"));
    }

    /** Whether an instance is named, or runs on this machine. */
    boolean hasInstance() {
        return named().isPresent() || !Discovery.usual().live().isEmpty();
    }

    private Optional<String> named() {
        return Optional.ofNullable(url).or(() -> Optional.ofNullable(System.getenv("HYPERION_URL")));
    }

    ApiClient client() {
        Optional<String> named = named();
        Optional<String> given =
                Optional.ofNullable(key).or(() -> Optional.ofNullable(System.getenv("HYPERION_API_KEY")));
        List<Discovery.Found> live = Discovery.usual().live();
        if (named.isPresent()) {
            String wanted = named.get().replaceAll("/$", "");
            String known = live.stream()
                    .filter(found -> found.url().toString().equals(wanted))
                    .map(Discovery.Found::key)
                    .findFirst()
                    .orElse("");
            return new ApiClient(URI.create(wanted), given.orElse(known));
        }
        if (live.isEmpty()) {
            throw new UnreachableException(
                    "no instance runs on this machine; start one with: hyperion_cli serve, or name one with --url");
        }
        if (live.size() > 1) {
            throw new UnreachableException("several instances run on this machine: "
                    + live.stream()
                            .map(found -> found.url() + " (" + found.dataFolder() + ")")
                            .collect(Collectors.joining(", "))
                    + "; name one with --url");
        }
        return new ApiClient(live.get(0).url(), given.orElse(live.get(0).key()));
    }

    static String pretty(JsonNode node) {
        try {
            return ApiClient.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON can be written", e);
        }
    }
}
