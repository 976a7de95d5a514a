// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.operator;

import dev.hyperion.core.Hyperion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** An operator process: Hyperion with its endpoints, announced to the commands of this machine. What serve and demo run. */
public final class Operator implements AutoCloseable {
    private final Hyperion hyperion;
    private final Path announcement;

    private Operator(Hyperion hyperion, Path announcement) {
        this.hyperion = hyperion;
        this.announcement = announcement;
    }

    /**
     * Starts one.
     *
     * @param config its configuration; empty for processes behind the embedded router, with SQLite
     * @param dataFolder where its state is
     * @param port the port of its endpoints, whatever the configuration says
     * @param discovery where it announces itself
     * @return a running operator
     * @throws IOException if it cannot announce itself
     */
    public static Operator start(Optional<Path> config, Path dataFolder, OptionalInt port, Discovery discovery)
            throws IOException {
        Hyperion.Builder builder = Hyperion.builder().dataFolder(dataFolder).mustLead();
        config.ifPresentOrElse(
                builder::config,
                () -> builder.config(Map.of(
                        "store", "sqlite",
                        "deploy", Map.of("backend", "process", "router", "embedded"),
                        "http", Map.of())));
        port.ifPresent(builder::httpPort);
        Hyperion hyperion = builder.start();
        try {
            String key = Files.readString(dataFolder.resolve("api-key")).strip();
            Path announcement = discovery.announce(new Discovery.Found(
                    hyperion.address().orElseThrow(() -> new IOException("no endpoints are configured; add http:")),
                    key,
                    dataFolder.toAbsolutePath().toString()));
            return new Operator(hyperion, announcement);
        } catch (IOException | RuntimeException e) {
            hyperion.close();
            throw e;
        }
    }

    /**
     * What runs.
     *
     * @return the instance
     */
    public Hyperion hyperion() {
        return hyperion;
    }

    /** Stops; replicas and routers serve on. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(announcement);
        } catch (IOException e) {
            System.err.println("warning: " + announcement + " cannot be deleted: " + e);
        }
        hyperion.close();
    }
}
