// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's side: {@code GET /table}, {@code PUT /table}, {@code GET /metrics.json}, {@code POST /stop}, each with the
 * token. Refusals are JSON with {@code error}; a conflict also has {@code observed}, a lower epoch is 412 with {@code
 * newestEpoch}.
 *
 * <p>Thread-safety: thread-safe.
 */
final class AdminHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final int LARGEST_TABLE = 1 << 20;

    private final RouterIdentity identity;
    private final byte[] authorization;
    private final TableKeeper keeper;
    private final Dispatcher dispatcher;
    private final Runnable stop;

    AdminHandler(RouterIdentity identity, String token, TableKeeper keeper, Dispatcher dispatcher, Runnable stop) {
        this.identity = identity;
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        this.keeper = keeper;
        this.dispatcher = dispatcher;
        this.stop = stop;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws IOException {
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (given == null || !MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
            refuse(response, callback, HttpStatus.UNAUTHORIZED_401, "the token is missing or wrong");
            return true;
        }
        String asked = request.getMethod() + " " + Request.getPathInContext(request);
        switch (asked) {
            case "GET /table" ->
                send(
                        response,
                        callback,
                        HttpStatus.OK_200,
                        AdminJson.table(identity, keeper.table(), dispatcher.view()));
            case "GET /metrics.json" ->
                send(response, callback, HttpStatus.OK_200, AdminJson.metrics(identity, dispatcher.view()));
            case "PUT /table" -> put(request, response, callback);
            case "POST /stop" -> {
                send(response, callback, HttpStatus.ACCEPTED_202, "{}");
                stop.run();
            }
            default ->
                refuse(
                        response,
                        callback,
                        HttpStatus.NOT_FOUND_404,
                        asked + " is unknown; expected GET /table, PUT /table, GET /metrics.json or POST /stop");
        }
        return true;
    }

    private void put(Request request, Response response, Callback callback) throws IOException {
        TableAnswer answer;
        try {
            byte[] body = Content.Source.asInputStream(request).readNBytes(LARGEST_TABLE + 1);
            if (body.length > LARGEST_TABLE) {
                throw new IllegalArgumentException("the table is larger than " + LARGEST_TABLE + " bytes");
            }
            TableJson.Request wanted = TableJson.parseRequest(new String(body, StandardCharsets.UTF_8));
            answer = keeper.replace(
                    wanted.generation(), wanted.epoch(), wanted.planId(), wanted.stepId(), wanted.shares());
        } catch (IllegalArgumentException | com.fasterxml.jackson.core.JsonProcessingException e) {
            refuse(response, callback, HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
            return;
        } catch (IOException e) {
            LOG.error("the table could not be kept; the old one stays in force", e);
            refuse(response, callback, HttpStatus.INTERNAL_SERVER_ERROR_500, "the table could not be kept: " + e);
            return;
        }
        if (answer instanceof TableAnswer.Applied applied) {
            LOG.info(
                    "table {} in force, epoch {}: {}",
                    applied.table().generation(),
                    applied.table().epoch(),
                    applied.table().shares());
            send(response, callback, HttpStatus.OK_200, AdminJson.object(json -> {
                json.writeNumberField("generation", applied.table().generation());
                json.writeBooleanField("changed", applied.table().changed());
            }));
        } else if (answer instanceof TableAnswer.Conflict conflict) {
            send(response, callback, HttpStatus.CONFLICT_409, AdminJson.object(json -> {
                json.writeStringField("error", "the table's generation is " + conflict.observed());
                json.writeNumberField("observed", conflict.observed());
            }));
        } else if (answer instanceof TableAnswer.Fenced fenced) {
            send(response, callback, HttpStatus.PRECONDITION_FAILED_412, AdminJson.object(json -> {
                json.writeStringField("error", "an operator of epoch " + fenced.newest() + " has taken over");
                json.writeNumberField("newestEpoch", fenced.newest());
            }));
        }
    }

    private static void refuse(Response response, Callback callback, int status, String why) throws IOException {
        send(response, callback, status, AdminJson.object(json -> json.writeStringField("error", why)));
    }

    private static void send(Response response, Callback callback, int status, String json) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), callback);
    }
}
