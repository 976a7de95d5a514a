// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import dev.hyperion.monitoring.MonitoringCenter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /quote} after some milliseconds of work, and tells its health on {@code GET /api/health}, as a load
 * balancer asks for it. Everything else about it, from {@code /metrics} to the alerts, is served by the Hyperion inside it
 * on a port of its own.
 *
 * <p>Its settings come from the environment: {@code PORT}, {@code MANAGEMENT_PORT} (of Hyperion's endpoints; any free one if
 * not set), {@code DATA_FOLDER} (where the timeline and the API key are kept, for one instance alone; in memory if not set),
 * {@code HYPERION_CONFIG} (a file; Hyperion's defaults if not set), {@code WORK_MILLIS} (how long an answer takes, 20 if not
 * set), {@code HYPERION_VERSION} and {@code HYPERION_INSTANCE_ID}, which whoever starts it sets.
 */
public final class EmbeddedService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedService.class);
    private static final int THREADS = 64;
    private static final int LAST_ANSWERS_SECONDS = 5;

    private final Map<String, String> environment;
    private final Hyperion hyperion;
    private final Quotes quotes;
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
        W3cTraces traces = new W3cTraces();
        Hyperion.Builder builder = Hyperion.builder()
                .environment(environment)
                .httpPort(Integer.parseInt(setting("MANAGEMENT_PORT", "0")))
                .traces(traces);
        if (environment.containsKey("DATA_FOLDER")) {
            builder.dataFolder(Path.of(setting("DATA_FOLDER", "")));
        }
        if (environment.containsKey("HYPERION_CONFIG")) {
            builder.config(Path.of(setting("HYPERION_CONFIG", "")));
        }
        this.hyperion = builder.start();
        MonitoringCenter monitoring = hyperion.monitoring();
        this.quotes = new Quotes(Duration.ofMillis(Long.parseLong(setting("WORK_MILLIS", "20"))), monitoring.meters());
        monitoring.addHealthCheck("quotes", quotes::check);

        int port = Integer.parseInt(setting("PORT", "8080"));
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
        server.setExecutor(threads);
        server.createContext("/quote", this::quote).getFilters().add(new MeasuredRequests(monitoring.meters(), traces));
        server.createContext("/api/health", this::health);
        server.start();
        LOG.info(
                "serving version {} on port {}, Hyperion on {}",
                version(),
                port(),
                hyperion.address().map(URI::toString).orElse("no port"));
    }

    private String setting(String name, String otherwise) {
        return environment.getOrDefault(name, otherwise);
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
        try {
            respond(exchange, 200, "{\"version\":\"" + version() + "\",\"quote\":\"" + quotes.take() + "\"}");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the service is ending
            respond(exchange, 503, "{\"version\":\"" + version() + "\"}");
        }
    }

    private void health(HttpExchange exchange) throws IOException {
        HealthReport report = hyperion.monitoring().health();
        respond(
                exchange,
                report.status() == HealthStatus.DOWN ? 503 : 200,
                "{\"status\":\"" + report.status().name().toLowerCase(Locale.ROOT) + "\",\"version\":\"" + version()
                        + "\"}");
    }

    private String version() {
        return setting("HYPERION_VERSION", "development");
    }

    private void respond(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        // tells whoever probes the port that it is this very process that answers
        exchange.getResponseHeaders().set("X-Hyperion-Instance", setting("HYPERION_INSTANCE_ID", "none"));
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Takes no more requests, ends those that are open, and stops; what was measured last is in the timeline. */
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
        end.await();
    }
}
