// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.PluginException;
import dev.hyperion.deploy.local.os.DetachedProcess;
import dev.hyperion.deploy.local.os.ProcessIdentity;
import dev.hyperion.spi.GroupSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Starts, finds and ends the processes of replicas. Thread-safety: thread-safe. */
final class ReplicaProcess {
    static final String INSTANCE = "HYPERION_INSTANCE_ID";
    private static final int TAIL_BYTES = 8_192;
    private static final int TAIL_LINES = 12;
    private static final int LOGS_KEPT = 50;

    private final Path folder;

    ReplicaProcess(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        try (InputStream shim = ReplicaProcess.class.getResourceAsStream("shim.sh")) {
            if (shim == null) {
                throw new IOException("the shim is missing in this jar");
            }
            Files.copy(shim, shim(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path shim() {
        return folder.resolve("shim.sh");
    }

    Path log(String id) {
        return folder.resolve(id + ".log");
    }

    private Path exit(String id) {
        return folder.resolve(id + ".exit");
    }

    /** Starts a replica under its shim, in a session of its own. */
    ProcessIdentity start(GroupSpec spec, Records.Replica replica) {
        Path home = Path.of(spec.artifact().location());
        List<String> argv = new ArrayList<>(
                List.of("/bin/sh", shim().toString(), exit(replica.id).toString()));
        List<String> command = spec.command().isEmpty() ? List.of("bin/run") : spec.command();
        Path program = home.resolve(command.get(0));
        argv.add(Files.exists(program) ? program.toString() : command.get(0));
        argv.addAll(command.subList(1, command.size()));
        Map<String, String> environment = new HashMap<>(spec.env());
        environment.put(INSTANCE, replica.id);
        environment.put("HYPERION_APPLICATION", spec.id().application().value());
        environment.put("HYPERION_VERSION", spec.id().version().value());
        environment.put("HYPERION_PORT", Integer.toString(replica.port));
        environment.put("PORT", Integer.toString(replica.port));
        try {
            Process started = DetachedProcess.start(argv, environment, home, log(replica.id));
            return ProcessIdentity.of(started.pid())
                    .orElseThrow(() -> new PluginException(
                            "replica " + replica.id + " ended before it could be seen; its log is " + log(replica.id),
                            true));
        } catch (IOException e) {
            throw new PluginException("replica " + replica.id + " cannot be started: " + e.getMessage(), true, e);
        }
    }

    /** The shim of a replica whose start was noted and whose pid was not. */
    static Optional<ProcessIdentity> find(String id) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(name -> ProcessIdentity.of(Long.parseLong(name)))
                    .flatMap(Optional::stream)
                    .filter(process -> process.hasInEnvironment(INSTANCE, id))
                    .min((a, b) -> a.startTicks() != b.startTicks()
                            ? Long.compare(a.startTicks(), b.startTicks())
                            : Long.compare(a.pid(), b.pid()));
        } catch (IOException e) {
            throw new PluginException("/proc cannot be listed: " + e, true, e);
        }
    }

    /** Signals a replica's whole group, if it is still that replica. */
    static void signal(Records.Replica replica, String signal) {
        ProcessIdentity process = replica.process;
        if (process == null || !process.lives() || !process.hasInEnvironment(INSTANCE, replica.id)) {
            return;
        }
        signalGroup(process.pid(), signal);
    }

    private static void signalGroup(long group, String signal) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " -- -" + group)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new PluginException("signal " + signal + " cannot be sent to group " + group + ": " + e, true, e);
        }
    }

    /** Ends what a replica whose shim is gone has left in its session. */
    static void killLeftovers(Records.Replica replica, ProcTable table) {
        ProcessIdentity shim = replica.process;
        if (shim == null) {
            return;
        }
        boolean ours = table.pids(shim.pid()).stream()
                .map(ProcessIdentity::of)
                .flatMap(Optional::stream)
                .anyMatch(process -> process.hasInEnvironment(INSTANCE, replica.id));
        if (ours) {
            signalGroup(shim.pid(), "KILL");
        }
    }

    /** How it ended, as its shim has noted it. */
    OptionalInt exitCode(String id) {
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(exit(id)).strip()));
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty(); // killed with its shim, so nobody noted it
        }
    }

    /** The last lines of its log. */
    List<String> logTail(String id) {
        try (RandomAccessFile log = new RandomAccessFile(log(id).toFile(), "r")) {
            long from = Math.max(0, log.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (log.length() - from)];
            log.seek(from);
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of(); // it never wrote
        }
    }

    /** Keeps a log from growing without end: the older part moves aside, over what was there before. */
    void bound(String id, long most) {
        Path log = log(id);
        try {
            if (Files.exists(log) && Files.size(log) > most) {
                // the replica appends to the open file, so it is emptied in place; what is written meanwhile may be
                // lost
                Files.copy(log, folder.resolve(id + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
                try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
                    file.setLength(0);
                }
            }
        } catch (IOException e) {
            throw new PluginException("log " + log + " cannot be bounded: " + e, true, e);
        }
    }

    /** Forgets the files of a replica that is gone, but for its log: the newest of those stay for people. */
    void forget(String id, Set<String> present) {
        try {
            Files.deleteIfExists(exit(id));
            List<Path> old;
            try (Stream<Path> files = Files.list(folder)) {
                old = files.filter(file -> file.toString().contains(".log"))
                        .filter(file ->
                                !present.contains(file.getFileName().toString().replaceAll("\\.log.*$", "")))
                        .sorted(Comparator.comparing(
                                        (Path file) -> file.toFile().lastModified())
                                .reversed())
                        .skip(LOGS_KEPT)
                        .toList();
            }
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new PluginException("files of replica " + id + " cannot be deleted: " + e, true, e);
        }
    }
}
