// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.ApplicationId;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The section of the embedded router.
 *
 * <p>Thread-safety: immutable.
 *
 * @param section where the settings stand in the configuration
 * @param host where clients connect
 * @param port where clients connect, for applications that have no port of their own; 0 for any free one
 * @param ports by application
 * @param adminPort where we connect; 0 for any free one
 * @param stateFolder one folder per application in it
 * @param requestTimeout how long a replica may be silent
 * @param connectTimeout how long a replica may take to accept a connection
 * @param drainTimeout how long a router that is stopped waits for requests in flight
 * @param heapBytes of one router process
 * @param keepRunning whether routers serve on after we closed
 */
record RouterSettings(
        String section,
        String host,
        int port,
        Map<ApplicationId, Integer> ports,
        int adminPort,
        Path stateFolder,
        Duration requestTimeout,
        Duration connectTimeout,
        Duration drainTimeout,
        long heapBytes,
        boolean keepRunning) {
    private static final ConfigSchema APPLICATION = ConfigSchema.of(
            ConfigKey.of("port", ConfigKey.Type.INTEGER, "Port on which clients reach this application.")
                    .mandatory()
                    .range(1, 65_535));

    static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("host", ConfigKey.Type.TEXT, "Address on which clients connect.")
                    .orElse("127.0.0.1"),
            ConfigKey.of(
                            "port",
                            ConfigKey.Type.INTEGER,
                            "Port on which clients connect; 0 takes any free one and keeps it from then on.")
                    .orElse("0")
                    .range(0, 65_535),
            ConfigKey.of(
                    "applications",
                    ConfigKey.Type.NAMED_OBJECTS,
                    APPLICATION,
                    "Ports of single applications, if there are several."),
            ConfigKey.of(
                            "admin_port",
                            ConfigKey.Type.INTEGER,
                            "Port of the router's own administration, on the loopback address.")
                    .orElse("0")
                    .range(0, 65_535),
            ConfigKey.of(
                    "state_dir",
                    ConfigKey.Type.PATH,
                    "Folder for tables, tokens and logs; the plugin's data folder if absent."),
            ConfigKey.of(
                            "request_timeout",
                            ConfigKey.Type.DURATION,
                            "How long a replica may be silent before its request ends as 504.")
                    .orElse("30s"),
            ConfigKey.of(
                            "connect_timeout",
                            ConfigKey.Type.DURATION,
                            "How long a replica may take to accept a connection.")
                    .orElse("2s"),
            ConfigKey.of(
                            "drain_timeout",
                            ConfigKey.Type.DURATION,
                            "How long a router that is stopped waits for requests in flight.")
                    .orElse("30s"),
            ConfigKey.of("heap", ConfigKey.Type.SIZE, "Largest heap of one router process.")
                    .orElse("128MiB")
                    .atLeast(32 << 20),
            ConfigKey.of(
                            "keep_running",
                            ConfigKey.Type.BOOLEAN,
                            "Whether routers serve on after the operator was ended in order.")
                    .orElse("true"));

    static RouterSettings from(PluginConfig config, Path dataFolder) {
        Map<ApplicationId, Integer> ports = new HashMap<>();
        config.namedObjects("applications")
                .forEach((name, own) -> ports.put(new ApplicationId(name), Math.toIntExact(own.integer("port"))));
        return new RouterSettings(
                config.path(),
                config.text("host"),
                Math.toIntExact(config.integer("port")),
                Map.copyOf(ports),
                Math.toIntExact(config.integer("admin_port")),
                config.findFile("state_dir").orElse(dataFolder).toAbsolutePath(),
                config.duration("request_timeout"),
                config.duration("connect_timeout"),
                config.duration("drain_timeout"),
                config.bytes("heap"),
                config.bool("keep_running"));
    }

    int portOf(ApplicationId application) {
        return ports.getOrDefault(application, port);
    }
}
