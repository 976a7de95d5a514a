// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Starts processes that go on when this one ends, however it ends: in a session of their own ({@code setsid}), so that no
 * terminal's signal reaches them, reading from {@code /dev/null} and writing to a file, since a pipe would kill them with
 * SIGPIPE when its reader is gone.
 */
public final class DetachedProcess {
    private DetachedProcess() {}

    /**
     * Starts a process. It leads its own session and process group: its pid is also the group's.
     *
     * @param command the program and its arguments
     * @param environment what is added to our own environment
     * @param folder where it starts
     * @param log where its standard output and error are appended
     * @return the process
     * @throws IOException if it cannot be started
     */
    public static Process start(List<String> command, Map<String, String> environment, Path folder, Path log)
            throws IOException {
        List<String> inItsOwnSession = new ArrayList<>();
        inItsOwnSession.add("setsid"); // a child of ours leads no group, so setsid does not fork and the pid stays
        inItsOwnSession.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(inItsOwnSession)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /**
     * Why such processes cannot be had here.
     *
     * @return one line for whoever asked for them; empty if they can
     */
    public static String whyNotHere() {
        String system = System.getProperty("os.name", "unknown");
        if (!system.toLowerCase(Locale.ROOT).contains("linux") || !Files.isReadable(Path.of("/proc/self/stat"))) {
            return "it needs Linux with /proc, and this is " + system;
        }
        for (String folder :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder).resolve("setsid"))) {
                return "";
            }
        }
        return "it needs the program setsid, which is not on the PATH; install util-linux";
    }
}
