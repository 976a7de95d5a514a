// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends a body while it is written. One that fits into the buffer goes out in one piece with its length; a longer one in
 * chunks, so that no answer is ever held in memory as a whole, however much there is to tell.
 *
 * <p>The watchdog is told when the client is waited for and when not: a client that stops reading loses its connection, one
 * whose answer takes long to make does not.
 *
 * <p>Thread-safety: confined to the thread of the exchange.
 */
final class SentBody extends OutputStream {
    static final int BUFFER = 1 << 15;

    private final HttpExchange exchange;
    private final int status;
    private final ConnectionWatchdog watchdog;
    private final byte[] buffer = new byte[BUFFER];
    private int used;
    private @Nullable OutputStream client;

    SentBody(HttpExchange exchange, int status, ConnectionWatchdog watchdog) {
        this.exchange = exchange;
        this.status = status;
        this.watchdog = watchdog;
    }

    /** Whether the status has gone out, so that it is too late to tell of a failure by another one. */
    boolean begun() {
        return client != null;
    }

    @Override
    public void write(int b) throws IOException {
        if (used == BUFFER) {
            send();
        }
        buffer[used++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (used == BUFFER) {
                send();
            }
            int part = Math.min(left, BUFFER - used);
            System.arraycopy(bytes, from, buffer, used, part);
            used += part;
            from += part;
            left -= part;
        }
    }

    /** Nothing: writers flush when they are done, and then the length is known. */
    @Override
    public void flush() {}

    private void send() throws IOException {
        watchdog.waitingForClient();
        if (client == null) {
            exchange.sendResponseHeaders(status, 0); // zero means chunks
            client = exchange.getResponseBody();
        }
        client.write(buffer, 0, used);
        used = 0;
        watchdog.working();
    }

    @Override
    public void close() throws IOException {
        watchdog.waitingForClient();
        if (client == null) {
            exchange.sendResponseHeaders(status, used == 0 ? -1 : used);
            if (used > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(buffer, 0, used);
                }
            }
        } else {
            client.write(buffer, 0, used);
            client.close();
        }
    }
}
