// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/**
 * Takes each request to the replica that the dispatcher names, and tells the dispatcher how it ended.
 *
 * <p>Only a request of which no replica can have seen a byte is tried again, on another replica of the same version. Latency
 * counts from the arrival of the request's head to the last byte handed to the client's connection.
 *
 * <p>Thread-safety: thread-safe.
 */
final class TrafficHandler extends ProxyHandler.Reverse {
    static final String VERSION_HEADER = "X-Hyperion-Version";

    private static final String PASSAGE = Passage.class.getName();
    /** Below the 200 idle connections from which on the JDK's server closes them at once, unannounced. */
    private static final int CONNECTIONS_PER_REPLICA = 128;

    private static final int WAITING_PER_REPLICA = 10_000;
    /** Shorter than common servers' (JDK 30 s, Node 5 s): whoever closes an idle connection last loses a request. */
    static final Duration POOLED_IDLE = Duration.ofSeconds(4);

    private final Dispatcher dispatcher;
    private final Executor executor;
    private final Duration requestTimeout;
    private final Duration connectTimeout;
    private volatile boolean closing;

    TrafficHandler(Dispatcher dispatcher, Executor executor, Duration requestTimeout, Duration connectTimeout) {
        super(request -> toReplica(request));
        this.dispatcher = dispatcher;
        this.executor = executor;
        this.requestTimeout = requestTimeout;
        this.connectTimeout = connectTimeout;
        setViaHost("hyperion");
    }

    /** From now on every answer asks its client to close the connection. */
    void closeConnections() {
        closing = true;
    }

    @Override
    protected HttpClient newHttpClient() {
        ClientConnector connector = new ClientConnector();
        connector.setExecutor(executor);
        connector.setSelectors(1);
        return new HttpClient(new HttpClientTransportDynamic(connector));
    }

    @Override
    protected void configureHttpClient(HttpClient client) {
        super.configureHttpClient(client);
        client.setConnectTimeout(connectTimeout.toMillis());
        client.setIdleTimeout(POOLED_IDLE.toMillis());
        client.setMaxConnectionsPerDestination(CONNECTIONS_PER_REPLICA);
        client.setMaxRequestsQueuedPerDestination(WAITING_PER_REPLICA);
        client.setDestinationIdleTimeout(TimeUnit.MINUTES.toMillis(1));
        // What the client did not send is not added.
        client.setUserAgentField(null);
        client.setDefaultRequestContentType(null);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Passage passage = dispatcher.enter();
        if (passage == null) {
            answer(
                    request,
                    response,
                    callback,
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    "no version has a share of the traffic");
            return true;
        }
        request.setAttribute(PASSAGE, passage);
        Response watched = new ClientResponse(request, response, passage);
        Callback counted = new Callback.Nested(callback) {
            @Override
            public void succeeded() {
                leave(Outcome.ofStatus(watched.getStatus()));
                super.succeeded();
            }

            @Override
            public void failed(Throwable failure) {
                leave(passage.clientGone() ? Outcome.CLIENT_GONE : Outcome.BROKEN_OFF);
                super.failed(failure);
            }

            private void leave(Outcome outcome) {
                dispatcher.leave(passage, outcome, NanoTime.since(request.getHeadersNanoTime()));
            }
        };
        forward(request, watched, counted);
        return true;
    }

    private void forward(Request request, Response response, Callback callback) {
        try {
            super.handle(request, response, callback);
        } catch (RuntimeException e) {
            // Whatever the request had in it, it must end: a request that never leaves would hold a replica for ever.
            if (passage(request).mightHaveBeenSeen()) {
                callback.failed(e);
            } else {
                String why = "the request cannot be forwarded: " + e.getMessage();
                answer(request, response, callback, HttpStatus.BAD_REQUEST_400, why);
            }
        }
    }

    private static Passage passage(Request request) {
        if (request.getAttribute(PASSAGE) instanceof Passage passage) {
            return passage;
        }
        throw new IllegalStateException("this is a bug in Hyperion: a request without a passage; please report it");
    }

    private static HttpURI toReplica(Request request) {
        Target target = passage(request).replica().target();
        HttpURI asked = request.getHttpURI();
        return HttpURI.build()
                .scheme("http")
                .host(target.host())
                .port(target.port())
                .pathQuery(asked.getPathQuery())
                .asImmutable();
    }

    @Override
    protected org.eclipse.jetty.client.Request newProxyToServerRequest(Request request, HttpURI uri) {
        // By parts: as one java.net.URI some queries that browsers send would be refused.
        return getHttpClient()
                .newRequest(uri.getHost(), uri.getPort())
                .method(request.getMethod())
                .path(uri.getPathQuery())
                .idleTimeout(requestTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request toReplica) {
        addViaHeader(request, toReplica);
        String client = Request.getRemoteAddr(request);
        String before = request.getHeaders().get("X-Forwarded-For");
        String host = request.getHeaders().get(HttpHeader.HOST);
        toReplica.headers(headers -> {
            headers.put("X-Forwarded-For", before == null ? client : before + ", " + client);
            if (!headers.contains("X-Forwarded-Proto")) {
                headers.put("X-Forwarded-Proto", request.isSecure() ? "https" : "http");
            }
            if (host != null && !headers.contains("X-Forwarded-Host")) {
                headers.put("X-Forwarded-Host", host);
            }
        });
    }

    @Override
    protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(
            Request request, Response response, org.eclipse.jetty.client.Request toReplica) {
        return new ClientBody(super.newProxyToServerRequestContent(request, response, toReplica), passage(request));
    }

    @Override
    protected void sendProxyToServerRequest(
            Request request, org.eclipse.jetty.client.Request toReplica, Response response, Callback callback) {
        // Called when the request has a connection and its first byte is about to be written, not before.
        toReplica.onRequestBegin(begun -> passage(request).sendingBegins());
        super.sendProxyToServerRequest(request, toReplica, response, callback);
    }

    @Override
    protected org.eclipse.jetty.client.Response.CompleteListener newServerToProxyResponseListener(
            Request request, org.eclipse.jetty.client.Request toReplica, Response response, Callback callback) {
        return new ProxyResponseListener(request, toReplica, response, callback) {
            @Override
            public void onHeaders(org.eclipse.jetty.client.Response fromReplica) {
                super.onHeaders(fromReplica);
                // The replica's Connection header may name more fields that end at this hop (RFC 9110, 7.6.1).
                for (String name : fromReplica.getHeaders().getCSV(HttpHeader.CONNECTION, false)) {
                    response.getHeaders().remove(name.toLowerCase(Locale.ROOT));
                }
                ownHeaders(request, response);
            }
        };
    }

    @Override
    protected void onServerToProxyResponseFailure(
            Request request,
            org.eclipse.jetty.client.Request toReplica,
            org.eclipse.jetty.client.Response fromReplica,
            Response response,
            Callback callback,
            Throwable failure) {
        Passage passage = passage(request);
        if (!passage.mightHaveBeenSeen() && dispatcher.another(passage)) {
            forward(request, response, callback);
        } else if (response.isCommitted()) {
            callback.failed(failure);
        } else if (failure instanceof TimeoutException) {
            answer(request, response, callback, HttpStatus.GATEWAY_TIMEOUT_504, "the replica was silent for too long");
        } else if (passage.mightHaveBeenSeen()) {
            answer(request, response, callback, HttpStatus.BAD_GATEWAY_502, "the replica broke off");
        } else {
            answer(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, "no replica takes connections");
        }
    }

    private void answer(Request request, Response response, Callback callback, int status, String why) {
        response.reset();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        ownHeaders(request, response);
        if (request.getLength() != 0) {
            // The body was not read; the next request cannot follow it on this connection.
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        Content.Sink.write(response, true, "hyperion router: " + why + "\n", callback);
    }

    private void ownHeaders(Request request, Response response) {
        if (request.getAttribute(PASSAGE) instanceof Passage passage) {
            response.getHeaders().put(new HttpField(VERSION_HEADER, passage.version()));
        }
        if (closing) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
    }
}
