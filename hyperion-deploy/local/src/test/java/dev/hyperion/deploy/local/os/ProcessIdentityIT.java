// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIdentityIT {
    @TempDir
    Path temp;

    @Test
    void aDetachedProcessLeadsItsOwnSessionAndWritesToItsLog() throws Exception {
        Path log = temp.resolve("log");
        Process process = DetachedProcess.start(
                List.of("sh", "-c", "echo \"here $0\"; exec sleep 60", "x y"), Map.of("INSTANCE", "a1"), temp, log);
        try {
            ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
            Awaitility.await().until(() -> Files.readString(log).equals("here x y\n"));
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            assertThat(fields[2]).as("process group").isEqualTo(Long.toString(process.pid()));
            assertThat(fields[3]).as("session").isEqualTo(Long.toString(process.pid()));

            assertThat(identity.lives()).isTrue();
            assertThat(identity.hasInEnvironment("INSTANCE", "a1")).isTrue();
            assertThat(identity.hasInEnvironment("INSTANCE", "a")).isFalse();
            assertThat(identity.hasInEnvironment("STANCE", "a1")).isFalse();
            assertThat(new ProcessIdentity(identity.bootId(), identity.pid(), identity.startTicks() + 1).lives())
                    .as("another process with the same pid")
                    .isFalse();
            assertThat(new ProcessIdentity("another boot", identity.pid(), identity.startTicks()).lives())
                    .isFalse();

            process.destroyForcibly().waitFor();
            assertThat(identity.lives()).isFalse();
            assertThat(ProcessIdentity.of(process.pid())).isEmpty();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aZombieDoesNotLive() throws Exception {
        // sh starts a child that ends at once and, being replaced by sleep, never asks for its exit code.
        Process process = DetachedProcess.start(
                List.of("sh", "-c", "sh -c 'echo $$; exit 0' & exec sleep 60"), Map.of(), temp, temp.resolve("log"));
        try {
            Awaitility.await().until(() -> Files.readString(temp.resolve("log")).endsWith("\n"));
            long pid = Long.parseLong(Files.readString(temp.resolve("log")).strip());
            Awaitility.await()
                    .until(() ->
                            Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z "));

            assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive))
                    .as("Java's view")
                    .contains(true);
            assertThat(ProcessIdentity.of(pid)).isEmpty();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
