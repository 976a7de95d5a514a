// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.deploy.local.os.ProcessIdentity;
import java.io.IOException;

/**
 * A router as it told of itself.
 *
 * <p>Thread-safety: immutable.
 *
 * @param protocol the form of its answers
 * @param process which process it is
 * @param startId random, another one for each start
 * @param trafficPort where clients connect
 * @param adminPort where we connect
 */
record FoundRouter(long protocol, ProcessIdentity process, String startId, int trafficPort, int adminPort) {
    /** What we understand. */
    static final long PROTOCOL = 1;

    static FoundRouter from(JsonTree json) throws IOException {
        try {
            return new FoundRouter(
                    json.at("protocol").number(),
                    new ProcessIdentity(
                            json.at("bootId").text(),
                            json.at("pid").number(),
                            json.at("startTicks").number()),
                    json.at("startId").text(),
                    Math.toIntExact(json.at("trafficPort").number()),
                    Math.toIntExact(json.at("adminPort").number()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException("the router's identity makes no sense: " + e.getMessage(), e);
        }
    }
}
