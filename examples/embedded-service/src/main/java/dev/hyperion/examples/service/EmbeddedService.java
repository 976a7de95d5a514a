// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Answers {@code GET /quote} after some milliseconds of work, and tells its health on {@code GET /api/health}. Its settings
 * come from the environment: {@code PORT}, {@code WORK_MILLIS} (how long an answer takes, 20 if not set), {@code
 * HYPERION_VERSION} and {@code HYPERION_INSTANCE_ID}, which whoever starts it sets.
 */
public final class EmbeddedService implements AutoCloseable {
    private static final int THREADS = 64;
    private static final int LAST_ANSWERS_SECONDS = 5;

    private final Hyperion hyperion = Hyperion.start();
    private final MeterRegistry meters = hyperion.monitoring().meters();
    private final Timer latency = meters.timer("latency");
    private final Counter errors = meters.counter("error");
    private final Map<String, String> environment;
    private final Duration work;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;

    /**
     * Starts the service.
     *
     * @param environment its settings
     * @throws IOException if its port is in use
     */
    public EmbeddedService(Map<String, String> environment) throws IOException {
        this.environment = Map.copyOf(environment);
        this.work = Duration.ofMillis(Long.parseLong(environment.getOrDefault("WORK_MILLIS", "20")));
        int port = Integer.parseInt(environment.getOrDefault("PORT", "8080"));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
        hyperion.monitoring().addHealthCheck("quotes", deadline -> HealthFinding.up());
        server.setExecutor(threads);
        server.createContext("/quote", this::quote);
        server.createContext("/api/health", this::health);
        server.start();
    }

    /**
     * Where it listens.
     *
     * @return the port
     */
    public int port() {
        return server.getAddress().getPort();
    }

    /**
     * The Hyperion inside.
     *
     * @return what the service measures with
     */
    public Hyperion hyperion() {
        return hyperion;
    }

    private void quote(HttpExchange exchange) throws IOException {
        Timer.Sample sample = Timer.start(meters);
        try (exchange) {
            TimeUnit.NANOSECONDS.sleep(work.toNanos()); // what a call to a database would take
            respond(exchange, 200, "{\"version\":\"" + version() + "\",\"quote\":\"measure, then act\"}");
        } catch (InterruptedException e) {
            errors.increment();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            errors.increment();
            throw e;
        } finally {
            sample.stop(latency);
        }
    }

    private void health(HttpExchange exchange) throws IOException {
        try (exchange) {
            HealthReport report = hyperion.monitoring().health();
            boolean down = report.status() == HealthStatus.DOWN;
            respond(
                    exchange,
                    down ? 503 : 200,
                    "{\"status\":\"" + report.status().name().toLowerCase(Locale.ROOT) + "\",\"version\":\"" + version()
                            + "\"}");
        }
    }

    private String version() {
        return environment.getOrDefault("HYPERION_VERSION", "development");
    }

    private void respond(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        // tells whoever probes the port that it is this very process that answers
        exchange.getResponseHeaders()
                .set("X-Hyperion-Instance", environment.getOrDefault("HYPERION_INSTANCE_ID", "none"));
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    /** Takes no more requests, ends those that are open, and stops. */
    @Override
    public void close() {
        server.stop(LAST_ANSWERS_SECONDS);
        threads.shutdown();
        hyperion.close();
    }

    /**
     * Runs the service until it is told to end.
     *
     * @param args none
     * @throws Exception if it cannot be started
     */
    public static void main(String[] args) throws Exception {
        EmbeddedService service = new EmbeddedService(System.getenv());
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            service.close();
            end.countDown();
        }));
        System.out.println("serving version " + service.version() + " on port " + service.port());
        end.await();
    }
}
