// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;

/** Tells the request line as it came over the wire, which servers with opinions about addresses do not. */
final class LineServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    LineServer(Queue<String> lines) throws IOException {
        new Thread(() -> accept(lines)).start();
    }

    private void accept(Queue<String> lines) {
        while (true) {
            try {
                // A thread each: the router may open a connection ahead and leave it unused for a while.
                Socket client = socket.accept();
                new Thread(() -> serve(client, lines)).start();
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static void serve(Socket client, Queue<String> lines) {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = in.readLine();
            if (first == null) {
                return;
            }
            lines.add(first);
            String line = first;
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            client.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // The router went away; the test sees it by the line that is missing.
        }
    }

    Target target() {
        return new Target("127.0.0.1", socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
