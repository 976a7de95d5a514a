// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** What the replicas of these tests are: a JVM that tells its health on {@code PORT}. */
public final class ReplicaProgram {
    private ReplicaProgram() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> environment = System.getenv();
        System.out.println("starting as " + environment.get("HYPERION_INSTANCE_ID"));
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(environment.get("PORT"))), 16);
        server.createContext("/api/health", exchange -> {
            if (environment.getOrDefault("QUIET", "").isEmpty()) {
                exchange.getResponseHeaders().set("X-Hyperion-Instance", environment.get("HYPERION_INSTANCE_ID"));
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }
}
