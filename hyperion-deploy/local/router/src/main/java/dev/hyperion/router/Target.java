// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/**
 * Where one replica answers. Written {@code host:port}; an IPv6 address stands in brackets.
 *
 * <p>Thread-safety: immutable.
 *
 * @param host a host name or address, without brackets
 * @param port 1 to 65,535
 */
record Target(String host, int port) {
    Target {
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("'" + host + ":" + port + "' is no endpoint; expected host:port");
        }
    }

    static Target parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 1 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new Target(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no endpoint; expected host:port", e);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
