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
        new Thread(() -> {
                    while (!socket.isClosed()) {
                        try (Socket client = socket.accept()) {
                            BufferedReader in = new BufferedReader(
                                    new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
                            lines.add(in.readLine());
                            for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
                                line = in.readLine();
                            }
                            client.getOutputStream()
                                    .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                            .getBytes(StandardCharsets.ISO_8859_1));
                        } catch (IOException e) {
                            return;
                        }
                    }
                })
                .start();
    }

    Target target() {
        return new Target("127.0.0.1", socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
