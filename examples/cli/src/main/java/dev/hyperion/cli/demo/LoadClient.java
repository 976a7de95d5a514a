// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.demo;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask again as soon as they are answered, each on a connection of its own. They never retry: the JDK's clients
 * repeat a request when a connection breaks, and so would hide what this one is there to see.
 */
final class LoadClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final URI target;
    private final ClientLog log;
    private final List<Worker> workers = new ArrayList<>();

    LoadClient(URI target, ClientLog log) {
        this.target = target;
        this.log = log;
    }

    /** Sets how many clients there are. */
    synchronized void clients(int wanted) throws InterruptedException {
        while (workers.size() < wanted) {
            Worker worker = new Worker();
            worker.setDaemon(true);
            worker.setName("client-" + workers.size());
            workers.add(worker);
            worker.start();
        }
        List<Worker> leaving = new ArrayList<>();
        while (workers.size() > wanted) {
            leaving.add(workers.remove(workers.size() - 1));
        }
        leaving.forEach(worker -> worker.leaving = true);
        for (Worker worker : leaving) {
            worker.join(TIMEOUT_MILLIS);
        }
    }

    @Override
    public void close() {
        try {
            clients(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One client. */
    private final class Worker extends Thread {
        private volatile boolean leaving;
        private @Nullable Socket socket;
        private @Nullable InputStream in;

        @Override
        public void run() {
            while (!leaving) {
                long sent = System.nanoTime();
                try {
                    String[] answer = ask();
                    log.add(new ClientLog.Entry(
                            sent, System.nanoTime() - sent, Integer.parseInt(answer[0]), answer[1], ""));
                } catch (IOException | NumberFormatException e) {
                    log.add(new ClientLog.Entry(sent, System.nanoTime() - sent, 0, "", e.toString()));
                    hangUp();
                    if (!leaving) {
                        pause();
                    }
                }
            }
            hangUp();
        }

        private void pause() {
            try {
                sleep(100); // a failed request is a failed demo; no need to hammer
            } catch (InterruptedException e) {
                leaving = true;
            }
        }

        private void hangUp() {
            Socket open = socket;
            socket = null;
            in = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    log.add(new ClientLog.Entry(System.nanoTime(), 0, 0, "", "closing: " + e));
                }
            }
        }

        /** Status and version of one answer. */
        private String[] ask() throws IOException {
            Socket connected = socket;
            InputStream answers = in;
            if (connected == null || answers == null) {
                connected = new Socket(InetAddress.getLoopbackAddress(), target.getPort());
                connected.setTcpNoDelay(true);
                connected.setSoTimeout(TIMEOUT_MILLIS);
                answers = new BufferedInputStream(connected.getInputStream());
                socket = connected;
                in = answers;
            }
            OutputStream out = connected.getOutputStream();
            out.write(("GET /quote HTTP/1.1\r\nHost: " + target.getAuthority() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String status = line(answers).split(" ", -1)[1];
            String version = "";
            int length = -1;
            boolean close = false;
            for (String header = line(answers); !header.isEmpty(); header = line(answers)) {
                int colon = header.indexOf(':');
                String name = header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
                String value = header.substring(colon + 1).strip();
                switch (name) {
                    case "content-length" -> length = Integer.parseInt(value);
                    case "x-hyperion-version" -> version = value;
                    case "connection" -> close = value.equalsIgnoreCase("close");
                    case "transfer-encoding" -> throw new IOException("an answer of unknown length");
                    default -> {}
                }
            }
            if (length < 0) {
                throw new IOException("an answer without a length");
            }
            if (answers.readNBytes(length).length < length) {
                throw new EOFException("the answer was cut off");
            }
            if (close) {
                hangUp();
            }
            return new String[] {status, version};
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                int c = in.read();
                if (c < 0) {
                    throw new EOFException("the connection was closed in place of an answer");
                }
                if (c == '\n') {
                    return line.toString();
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
        }
    }
}
