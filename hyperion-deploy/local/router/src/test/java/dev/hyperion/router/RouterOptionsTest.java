// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterOptionsTest {
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path temp;

    @Test
    void theTokenComesFromAFileThatOnlyItsOwnerCanRead() throws Exception {
        Path file = Files.writeString(temp.resolve("token"), TOKEN + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String[] arguments = {"--state-dir", "x", "--token-file", file.toString(), "--traffic-port", "8080"};

        RouterOptions options = RouterOptions.parse(arguments, Map.of());
        assertThat(options.token()).isEqualTo(TOKEN);
        assertThat(options.trafficPort()).isEqualTo(8080);
        assertThat(options.toString()).doesNotContain(TOKEN);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> RouterOptions.parse(arguments, Map.of())).hasMessageContaining("make its mode 0600");
    }

    @Test
    void badArgumentsAreRefusedInOneLine() {
        refused("option '--colour' is unknown", "--colour", "red");
        refused("has no value", "--state-dir");
        refused("--state-dir is missing");
        refused("--traffic-port is 70000; expected 0 to 65535", "--state-dir", "x", "--traffic-port", "70000");
        refused("--admin-port is 'x'; expected a whole number", "--state-dir", "x", "--admin-port", "x");
        refused(
                "cannot be read",
                "--state-dir",
                "x",
                "--token-file",
                temp.resolve("none").toString());
    }

    @Test
    void aShortTokenIsRefused() {
        assertThatThrownBy(() -> RouterOptions.parse(
                        new String[] {"--state-dir", "x"}, Map.of("HYPERION_ROUTER_TOKEN", "short")))
                .hasMessageContaining("has 5 characters; expected 16 or more");
    }

    private static void refused(String why, String... arguments) {
        assertThatThrownBy(() -> RouterOptions.parse(arguments, Map.of("HYPERION_ROUTER_TOKEN", TOKEN)))
                .isInstanceOf(RouterRefusal.class)
                .hasMessageContaining(why);
    }
}
