// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which router this is, and where.
 *
 * <p>Thread-safety: immutable.
 *
 * @param bootId the machine's start, as the kernel names it; empty where it has no such name
 * @param startId random, another one for each start; every total begins anew with it
 * @param pid the process
 * @param startTicks when the process began, in the kernel's ticks since boot: with pid and boot id no other process has
 *     all three
 * @param trafficPort where clients connect
 * @param adminPort where the operator connects
 */
record RouterIdentity(String bootId, String startId, long pid, long startTicks, int trafficPort, int adminPort) {
    /** The form of the admin answers and of the files; another number is another form. */
    static final int PROTOCOL = 1;

    static String thisBoot() throws IOException {
        Path file = Path.of("/proc/sys/kernel/random/boot_id");
        return Files.isReadable(file) ? Files.readString(file).strip() : "";
    }

    /** Field 22 of {@code /proc/self/stat}, see proc(5); -1 where there is no such file. */
    static long ownStartTicks() throws IOException {
        Path stat = Path.of("/proc/self/stat");
        if (!Files.isReadable(stat)) {
            return -1;
        }
        String text = Files.readString(stat);
        // Field 2 is the command in brackets, which may hold spaces and brackets itself.
        String[] afterCommand = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(afterCommand[19]);
    }
}
