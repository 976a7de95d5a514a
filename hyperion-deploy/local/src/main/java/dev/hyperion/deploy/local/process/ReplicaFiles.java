// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.ApplicationId;
import dev.hyperion.PluginException;
import dev.hyperion.Version;
import dev.hyperion.deploy.HealthSpec;
import dev.hyperion.deploy.local.os.ProcessIdentity;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.GroupSpec;
import dev.hyperion.spi.PreparedArtifact;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What the backend remembers, one file per application: written elsewhere, flushed to the disk and moved over the old one,
 * so that it is always complete. Confined to the backend's lock.
 */
final class ReplicaFiles {
    private static final String ENDING = ".properties";

    private final Path folder;

    ReplicaFiles(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
    }

    List<Records.Application> readAll() throws IOException {
        List<Records.Application> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(ENDING))
                    .sorted()
                    .toList()) {
                Properties properties = new Properties();
                try (Reader reader = Files.newBufferedReader(file)) {
                    properties.load(reader);
                }
                all.add(new Reading(properties).application());
            }
        }
        return all;
    }

    void write(Records.Application application) {
        Properties properties = new Properties();
        properties.setProperty("application", application.id.value());
        properties.setProperty("generation", Long.toString(application.generation));
        properties.setProperty("epoch", Long.toString(application.epoch));
        properties.setProperty("last_request", application.lastRequest);
        properties.setProperty("last_changed", Boolean.toString(application.lastChanged));
        int number = 0;
        for (Records.Group group : application.groups.values()) {
            write(group, "group." + number++ + ".", properties);
        }
        Path file = folder.resolve(application.id + ENDING);
        Path fresh = folder.resolve(application.id + ".new");
        try {
            StringWriter text = new StringWriter();
            properties.store(text, null);
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new PluginException("file " + file + " cannot be written: " + e, true, e);
        }
    }

    private static void write(Records.Group group, String at, Properties properties) {
        GroupSpec spec = group.spec;
        properties.setProperty(at + "version", spec.id().version().value());
        properties.setProperty(at + "desired", Integer.toString(group.desired));
        properties.setProperty(at + "retired", Boolean.toString(group.retired));
        properties.setProperty(at + "digest", spec.artifact().digest());
        properties.setProperty(at + "location", spec.artifact().location());
        properties.setProperty(at + "source", spec.artifact().source());
        for (int i = 0; i < spec.command().size(); i++) {
            properties.setProperty(at + "command." + i, spec.command().get(i));
        }
        spec.env().forEach((name, value) -> properties.setProperty(at + "env." + name, value));
        HealthSpec health = spec.health();
        properties.setProperty(at + "health.path", health.path());
        properties.setProperty(
                at + "health.initial_delay", health.initialDelay().toString());
        properties.setProperty(at + "health.interval", health.interval().toString());
        properties.setProperty(
                at + "health.ready_timeout", health.readyTimeout().toString());
        properties.setProperty(
                at + "health.drain_timeout", health.drainTimeout().toString());
        properties.setProperty(at + "health.stop_grace", health.stopGrace().toString());
        int number = 0;
        for (Records.Replica replica : group.replicas) {
            write(replica, at + "replica." + number++ + ".", properties);
        }
    }

    private static void write(Records.Replica replica, String at, Properties properties) {
        properties.setProperty(at + "id", replica.id);
        properties.setProperty(at + "port", Integer.toString(replica.port));
        properties.setProperty(at + "started_at", replica.startedAt.toString());
        properties.setProperty(at + "restarts", Integer.toString(replica.restarts));
        properties.setProperty(at + "draining", Boolean.toString(replica.draining));
        properties.setProperty(at + "stopping", Boolean.toString(replica.stopping));
        properties.setProperty(at + "ended", Boolean.toString(replica.ended));
        replica.exitCode.ifPresent(code -> properties.setProperty(at + "exit_code", Integer.toString(code)));
        ProcessIdentity process = replica.process;
        if (process != null) {
            properties.setProperty(at + "boot", process.bootId());
            properties.setProperty(at + "pid", Long.toString(process.pid()));
            properties.setProperty(at + "ticks", Long.toString(process.startTicks()));
        }
    }

    /** Reads one file. */
    private static final class Reading {
        private final Properties properties;

        Reading(Properties properties) {
            this.properties = properties;
        }

        Records.Application application() {
            Records.Application application = new Records.Application(new ApplicationId(text("application")));
            application.generation = number("generation");
            application.epoch = number("epoch");
            application.lastRequest = text("last_request");
            application.lastChanged = flag("last_changed");
            for (int i = 0; has("group." + i + ".version"); i++) {
                Records.Group group = group(application.id, "group." + i + ".");
                application.groups.put(group.id().version(), group);
            }
            return application;
        }

        private Records.Group group(ApplicationId application, String at) {
            List<String> command = new ArrayList<>();
            for (int i = 0; has(at + "command." + i); i++) {
                command.add(text(at + "command." + i));
            }
            Map<String, String> env = new HashMap<>();
            for (String name : properties.stringPropertyNames()) {
                if (name.startsWith(at + "env.")) {
                    env.put(name.substring(at.length() + 4), text(name));
                }
            }
            Records.Group group = new Records.Group(new GroupSpec(
                    new GroupId(application, new Version(text(at + "version"))),
                    new PreparedArtifact(text(at + "digest"), text(at + "location"), text(at + "source")),
                    command,
                    env,
                    new HealthSpec(
                            text(at + "health.path"),
                            time(at + "health.initial_delay"),
                            time(at + "health.interval"),
                            time(at + "health.ready_timeout"),
                            time(at + "health.drain_timeout"),
                            time(at + "health.stop_grace"))));
            group.desired = (int) number(at + "desired");
            group.retired = flag(at + "retired");
            for (int i = 0; has(at + "replica." + i + ".id"); i++) {
                group.replicas.add(replica(at + "replica." + i + "."));
            }
            return group;
        }

        private Records.Replica replica(String at) {
            Records.Replica replica = new Records.Replica(
                    text(at + "id"), (int) number(at + "port"), Instant.parse(text(at + "started_at")), (int)
                            number(at + "restarts"));
            replica.draining = flag(at + "draining");
            replica.stopping = flag(at + "stopping");
            replica.ended = flag(at + "ended");
            if (has(at + "exit_code")) {
                replica.exitCode = OptionalInt.of((int) number(at + "exit_code"));
            }
            if (has(at + "pid")) {
                replica.process = new ProcessIdentity(text(at + "boot"), number(at + "pid"), number(at + "ticks"));
            }
            return replica;
        }

        private boolean has(String key) {
            return properties.getProperty(key) != null;
        }

        private String text(String key) {
            String value = properties.getProperty(key);
            if (value == null) {
                throw new PluginException(
                        "the backend's file of replicas has no " + key + "; it was changed by hand", false);
            }
            return value;
        }

        private long number(String key) {
            return Long.parseLong(text(key));
        }

        private boolean flag(String key) {
            return Boolean.parseBoolean(text(key));
        }

        private Duration time(String key) {
            return Duration.parse(text(key));
        }
    }
}
