// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One look at {@code /proc}: which processes are in which session, what they use, and who listens on a port. Thread-safety:
 * immutable.
 */
final class ProcTable {
    private static final Path PROC = Path.of("/proc");
    private static final long PAGE = 4_096;
    private static final String LISTEN = "0A";

    private final Map<Long, List<Use>> bySession = new HashMap<>();

    /** What one process uses. */
    private record Use(long pid, long session, long ticks, long residentBytes) {}

    private ProcTable() {}

    /** Looks at every process. */
    static ProcTable read() {
        ProcTable table = new ProcTable();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                table.take(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("/proc cannot be listed", e);
        }
        return table;
    }

    private void take(Path folder) {
        use(folder)
                .ifPresent(use -> bySession
                        .computeIfAbsent(use.session(), s -> new ArrayList<>())
                        .add(use));
    }

    /** Empty if it ended while we looked: then it uses nothing. */
    private static Optional<Use> use(Path folder) {
        try {
            String text = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(new Use(
                    Long.parseLong(folder.getFileName().toString()),
                    Long.parseLong(fields[3]),
                    Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                    Long.parseLong(fields[21]) * PAGE));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    long ticks(long session) {
        return bySession.getOrDefault(session, List.of()).stream()
                .mapToLong(Use::ticks)
                .sum();
    }

    long residentBytes(long session) {
        return bySession.getOrDefault(session, List.of()).stream()
                .mapToLong(Use::residentBytes)
                .sum();
    }

    List<Long> pids(long session) {
        return bySession.getOrDefault(session, List.of()).stream().map(Use::pid).toList();
    }

    /** Whether a process of a session listens on a TCP port. */
    boolean listens(long session, int port) {
        Set<String> sockets = listening(port);
        return !sockets.isEmpty() && pids(session).stream().anyMatch(pid -> holds(pid, sockets));
    }

    private static Set<String> listening(int port) {
        Set<String> inodes = new HashSet<>();
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        for (String file : List.of("net/tcp", "net/tcp6")) {
            for (String line : lines(PROC.resolve(file))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > 9 && fields[1].endsWith(suffix) && fields[3].equals(LISTEN)) {
                    inodes.add("socket:[" + fields[9] + "]");
                }
            }
        }
        return inodes;
    }

    /** None if there is no such file: a kernel without IPv6 has none for it. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean holds(long pid, Set<String> sockets) {
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(PROC.resolve(Long.toString(pid)).resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
            return false;
        } catch (IOException | DirectoryIteratorException e) {
            return false; // it ended while we looked
        }
    }
}
