// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hyperion.ConfigException;
import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.RefusedException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.core.security.ApiKeys;
import dev.hyperion.core.security.BlockedClients;
import dev.hyperion.core.security.ClientCounters;
import dev.hyperion.core.security.RateLimit;
import dev.hyperion.core.security.Role;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MonitoringCenter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the endpoints over the JDK's HTTP server, and keeps out who has no business there.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int LARGEST_BODY = 1 << 20;
    private static final int COUNTED_CLIENTS = 500;

    private final HttpServer server;
    private final ConnectionWatchdog watchdog;
    private final List<Route> routes;
    private final ApiKeys keys;
    private final BlockedClients blocked;
    private final RateLimit limit;
    private final RateLimit tellLimit;
    private final MonitoringCenter monitoring;
    private final HyperionClock clock;
    private final ClientCounters unauthorized;
    private final ClientCounters rateLimited;
    private final Counter forbidden;
    private final Counter keptOut;

    /**
     * How the server works.
     *
     * @param host the address to listen on
     * @param port the port; 0 for any
     * @param threads how many requests are served at once, 1 or more
     * @param patience how long a client may take to send a request or take an answer
     * @param ratePerSecond requests of one client per second on the long run
     * @param burst requests of one client at once
     */
    public record Settings(String host, int port, int threads, Duration patience, double ratePerSecond, double burst) {}

    /**
     * Starts a server.
     *
     * @param settings how it works
     * @param endpoints what it serves
     * @param keys who may ask
     * @param blocked who may not
     * @param monitoring counts what is refused
     * @param clock measures time
     * @param scheduler drives the watchdog
     * @throws HyperionException if the port is in use
     */
    public ApiServer(
            Settings settings,
            Endpoints endpoints,
            ApiKeys keys,
            BlockedClients blocked,
            MonitoringCenter monitoring,
            HyperionClock clock,
            TaskScheduler scheduler) {
        this.routes = endpoints.routes();
        this.keys = keys;
        this.blocked = blocked;
        this.monitoring = monitoring;
        this.clock = clock;
        this.limit = new RateLimit(settings.ratePerSecond(), settings.burst(), clock);
        this.tellLimit = new RateLimit(0.1, 3, clock);
        MeterRegistry meters = monitoring.meters();
        this.unauthorized = new ClientCounters(meters, MetricCatalogue.SECURITY_UNAUTHORIZED, COUNTED_CLIENTS);
        this.rateLimited = new ClientCounters(meters, MetricCatalogue.SECURITY_RATE_LIMITED, COUNTED_CLIENTS);
        this.forbidden = MetricCatalogue.SECURITY_FORBIDDEN.counter(meters);
        this.keptOut = MetricCatalogue.SECURITY_BLOCKED.counter(meters);
        MetricCatalogue.SECURITY_BLOCKED_CLIENTS.gauge(
                meters, blocked, all -> all.blocks().size());
        try {
            this.server = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 256);
        } catch (BindException e) {
            throw new HyperionException("HTTP port " + settings.port() + " on " + settings.host() + " is in use ("
                    + e.getMessage() + "); stop what uses it, or set another http.port");
        } catch (IOException e) {
            throw new HyperionException(
                    "HTTP server cannot be started on " + settings.host() + ":" + settings.port() + ": " + e);
        }
        this.watchdog = new ConnectionWatchdog(settings.threads(), settings.patience(), clock, scheduler);
        server.setExecutor(watchdog);
        server.createContext("/", this::serve);
        server.start();
    }

    /**
     * The port it listens on.
     *
     * @return 1 to 65,535
     */
    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                send(exchange, answer(exchange));
            } catch (HyperionException | IllegalArgumentException e) {
                send(exchange, refusal(e));
            } catch (RuntimeException e) {
                // a defect of ours; the client is told that it is not its fault, the log has the rest
                LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                send(exchange, ApiResponse.problem(500, "Internal error", "see the log of this instance"));
            }
        }
    }

    private static ApiResponse refusal(RuntimeException e) {
        String detail = String.valueOf(e.getMessage());
        if (e instanceof RefusedException || e instanceof ConflictException || e instanceof FencedException) {
            return ApiResponse.problem(409, "Refused", detail);
        }
        if (e instanceof PluginException failed) {
            return ApiResponse.problem(failed.retryable() ? 503 : 502, "A plugin failed", detail);
        }
        return ApiResponse.problem(e instanceof ConfigException ? 422 : 400, "Bad request", detail);
    }

    private ApiResponse answer(HttpExchange exchange) throws IOException {
        String client = exchange.getRemoteAddress().getAddress().getHostAddress();
        String path = exchange.getRequestURI().getPath();
        if (blocked.blocks(client)) {
            keptOut.increment();
            return ApiResponse.problem(403, "Blocked", client + " is blocked; ask the operators");
        }
        Duration wait = limit.ask(client);
        if (!wait.isZero()) {
            rateLimited.count(client);
            String seconds = Long.toString(Math.max(1, (wait.toMillis() + 999) / 1_000));
            return ApiResponse.problem(
                    429, "Too many requests", "try again in " + seconds + " s", Map.of("Retry-After", seconds));
        }
        String method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        List<Route> serving =
                routes.stream().filter(route -> route.serves(path)).toList();
        if (serving.isEmpty()) {
            return ApiResponse.problem(404, "Not found", "there is no " + path + " here");
        }
        Optional<Route> route =
                serving.stream().filter(each -> each.method().equals(method)).findFirst();
        if (route.isEmpty()) {
            Set<String> allowed = new TreeSet<>();
            serving.forEach(each -> allowed.add(each.method()));
            String list = String.join(", ", allowed);
            return ApiResponse.problem(405, "Method not allowed", path + " takes " + list, Map.of("Allow", list));
        }
        String key = key(exchange);
        Optional<ApiKeys.Holder> holder = keys.holder(key);
        Optional<ApiResponse> refused = refused(route.get().access(), key, holder, exchange, client);
        if (refused.isPresent()) {
            return refused.get();
        }
        Optional<String> body = body(exchange);
        if (body.isEmpty()) {
            return ApiResponse.problem(413, "Body too large", "expected at most " + LARGEST_BODY + " bytes");
        }
        watchdog.working();
        return route.get()
                .handler()
                .answer(new ApiRequest(
                        method,
                        path,
                        query(exchange.getRequestURI().getRawQuery()),
                        headers(exchange),
                        body.get(),
                        client,
                        holder.map(ApiKeys.Holder::name).orElse(ApiRequest.NOBODY)));
    }

    private static String key(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-API-Key"))
                .or(() -> Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                        .map(value -> value.substring(7).strip()))
                .orElse("");
    }

    private Optional<ApiResponse> refused(
            Access access, String key, Optional<ApiKeys.Holder> holder, HttpExchange exchange, String client) {
        if (access == Access.OPEN) {
            return Optional.empty();
        }
        if (holder.isEmpty()) {
            unauthorized(client, exchange, key.isEmpty() ? "no key" : "a wrong key");
            return Optional.of(ApiResponse.problem(
                    401,
                    "Unauthorized",
                    (key.isEmpty() ? "no API key was sent" : "the API key is wrong")
                            + "; send it as X-API-Key or Authorization: Bearer",
                    Map.of("WWW-Authenticate", "Bearer")));
        }
        if (access == Access.OPERATOR && holder.get().role() != Role.OPERATOR) {
            forbidden.increment();
            return Optional.of(ApiResponse.problem(403, "Forbidden", "this key may only look; use one of an operator"));
        }
        return Optional.empty();
    }

    private void unauthorized(String client, HttpExchange exchange, String how) {
        unauthorized.count(client);
        if (tellLimit.ask(client).isZero()) {
            monitoring.log(new LogEntry(
                    clock.now(),
                    LogLevel.WARN,
                    "dev.hyperion.security",
                    client + " asked for " + exchange.getRequestURI().getPath() + " with " + how,
                    Map.of("client", client)));
        }
    }

    /** Empty if it is too large. */
    private static Optional<String> body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] bytes = in.readNBytes(LARGEST_BODY + 1);
            return bytes.length > LARGEST_BODY
                    ? Optional.empty()
                    : Optional.of(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                String decoded = URLDecoder.decode(name, StandardCharsets.UTF_8);
                query.merge(
                        decoded,
                        URLDecoder.decode(value, StandardCharsets.UTF_8),
                        (first, next) -> decoded.endsWith("[]") ? first + ApiRequest.AND + next : next);
            }
        }
        return query;
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return headers;
    }

    private void send(HttpExchange exchange, ApiResponse response) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", response.contentType());
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        if (exchange.getRequestMethod().equals("HEAD")) {
            watchdog.waitingForClient();
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        SentBody body = new SentBody(exchange, response.status(), watchdog);
        try {
            response.body().write(body);
        } catch (RuntimeException e) {
            if (body.begun()) {
                // the status is out: all that is left is to end the connection without the last chunk, which clients
                // notice
                LOG.error("{} {} failed within its answer", exchange.getRequestMethod(), exchange.getRequestURI(), e);
                throw new IOException("the answer failed after its begin", e);
            }
            throw e;
        }
        body.close();
    }

    @Override
    public void close() {
        server.stop(0);
        watchdog.close();
    }
}
