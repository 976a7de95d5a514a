// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How the router was asked to run.
 *
 * <p>Thread-safety: immutable.
 *
 * @param host the address it listens on, for traffic; the admin port is always on the loopback address
 * @param trafficPort 0 to 65,535; 0 takes any free one
 * @param adminPort 0 to 65,535; 0 takes any free one
 * @param stateFolder where table and identity are kept
 * @param token what the admin port asks for; 16 characters or more
 * @param requestTimeout how long a replica may be silent before its request ends as 504
 * @param connectTimeout how long a replica may take to accept a connection
 * @param drainTimeout how long requests in flight may take to end after the router was asked to stop
 */
record RouterOptions(
        String host,
        int trafficPort,
        int adminPort,
        Path stateFolder,
        String token,
        Duration requestTimeout,
        Duration connectTimeout,
        Duration drainTimeout) {
    static final String USAGE = "usage: hyperion-router --state-dir FOLDER [--traffic-port 0] [--admin-port 0]"
            + " [--traffic-host 127.0.0.1] [--token-file FILE, mode 0600; or HYPERION_ROUTER_TOKEN in the environment]"
            + " [--request-timeout-ms 30000] [--connect-timeout-ms 2000] [--drain-timeout-ms 30000]";

    private static final Set<String> KNOWN = Set.of(
            "--state-dir",
            "--traffic-port",
            "--admin-port",
            "--traffic-host",
            "--token-file",
            "--request-timeout-ms",
            "--connect-timeout-ms",
            "--drain-timeout-ms");

    @Override
    public String toString() {
        return "RouterOptions[" + host + ":" + trafficPort + ", admin " + adminPort + ", " + stateFolder + "]";
    }

    /** Reads the command line; the token never stands there, where any user of the machine could read it. */
    static RouterOptions parse(String[] arguments, Map<String, String> environment) throws RouterRefusal {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!KNOWN.contains(arguments[i]) || i + 1 == arguments.length) {
                throw new RouterRefusal("option '" + arguments[i] + "' is unknown or has no value; " + USAGE);
            }
            given.put(arguments[i], arguments[i + 1]);
        }
        String folder = given.get("--state-dir");
        if (folder == null) {
            throw new RouterRefusal("--state-dir is missing; " + USAGE);
        }
        return new RouterOptions(
                given.getOrDefault("--traffic-host", "127.0.0.1"),
                number(given, "--traffic-port", 0, 0, 65_535),
                number(given, "--admin-port", 0, 0, 65_535),
                Path.of(folder),
                token(given, environment),
                Duration.ofMillis(number(given, "--request-timeout-ms", 30_000, 1, Integer.MAX_VALUE)),
                Duration.ofMillis(number(given, "--connect-timeout-ms", 2_000, 1, Integer.MAX_VALUE)),
                Duration.ofMillis(number(given, "--drain-timeout-ms", 30_000, 0, Integer.MAX_VALUE)));
    }

    private static int number(Map<String, String> given, String option, int otherwise, int least, int most)
            throws RouterRefusal {
        String text = given.getOrDefault(option, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new RouterRefusal(option + " is '" + text + "'; expected a whole number", e);
        }
        throw new RouterRefusal(option + " is " + text + "; expected " + least + " to " + most);
    }

    private static String token(Map<String, String> given, Map<String, String> environment) throws RouterRefusal {
        String file = given.get("--token-file");
        String token = file == null ? environment.getOrDefault("HYPERION_ROUTER_TOKEN", "") : tokenFrom(Path.of(file));
        if (token.length() < 16) {
            throw new RouterRefusal("the admin token has " + token.length()
                    + " characters; expected 16 or more, from --token-file or HYPERION_ROUTER_TOKEN");
        }
        return token;
    }

    private static String tokenFrom(Path file) throws RouterRefusal {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                    .containsAll(mode)) {
                throw new RouterRefusal("token file " + file + " can be read by others; make its mode 0600");
            }
            return Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new RouterRefusal("token file " + file + " cannot be read: " + e, e);
        }
    }
}
