// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One process and no other. A pid alone is used again by the kernel; with the time of its start, in the kernel's ticks since
 * boot, and the boot's own name, there is no second one.
 *
 * <p>Thread-safety: immutable.
 *
 * @param bootId the machine's start, as the kernel names it
 * @param pid the process id, above 0
 * @param startTicks field 22 of {@code /proc/<pid>/stat}, see proc(5)
 */
public record ProcessIdentity(String bootId, long pid, long startTicks) {
    private static final Path PROC = Path.of("/proc");

    /**
     * Checks the pid.
     *
     * @throws IllegalArgumentException if it is not above 0: a signal to it would reach a whole group
     */
    public ProcessIdentity {
        Objects.requireNonNull(bootId, "bootId");
        if (pid <= 0) {
            throw new IllegalArgumentException("pid is " + pid + "; expected more than 0");
        }
    }

    /** State (field 3) and start (field 22) of one process. */
    private record Stat(char state, long startTicks) {}

    /**
     * The process that has a pid now.
     *
     * @param pid the process id
     * @return its identity; empty if there is none, or only a zombie
     */
    public static Optional<ProcessIdentity> of(long pid) {
        return stat(pid)
                .filter(stat -> stat.state() != 'Z' && stat.state() != 'X')
                .map(stat -> new ProcessIdentity(thisBoot(), pid, stat.startTicks()));
    }

    /**
     * The name of the machine's present start.
     *
     * @return the kernel's boot id; empty if it has none
     */
    public static String thisBoot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Whether this process is still there and runs; a zombie does not. To be asked before every signal.
     *
     * @return false once it ended, also if another process has its pid now
     */
    public boolean lives() {
        return of(pid).filter(this::equals).isPresent();
    }

    /**
     * Whether the process was started with a variable in its environment.
     *
     * @param name the variable
     * @param value its value
     * @return false also if the process is gone or belongs to another user
     */
    public boolean hasInEnvironment(String name, String value) {
        try {
            String environment =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("environ"), StandardCharsets.ISO_8859_1);
            return ('\0' + environment).contains('\0' + name + '=' + value + '\0');
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<Stat> stat(long pid) {
        try {
            String text =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            // Field 2 is the command in brackets, which may hold spaces and brackets itself.
            String[] fromState = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(new Stat(fromState[0].charAt(0), Long.parseLong(fromState[19])));
        } catch (IOException e) {
            // There is no such process; reading one that ends just now fails in the same way.
            return Optional.empty();
        }
    }
}
