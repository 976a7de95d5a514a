// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

/**
 * Where a replica answers.
 *
 * <p>Thread-safety: immutable.
 *
 * @param host a host name or address
 * @param port 1 to 65,535
 */
public record Endpoint(String host, int port) {
    /**
     * Checks the port.
     *
     * @throws IllegalArgumentException if the host is empty or the port is out of range
     */
    public Endpoint {
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("'" + host + ":" + port + "' is no endpoint; expected host:port");
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
