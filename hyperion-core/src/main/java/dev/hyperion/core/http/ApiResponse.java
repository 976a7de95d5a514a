// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * One response.
 *
 * @param status the HTTP status
 * @param contentType the body's type
 * @param headers further headers
 * @param body writes the body
 */
public record ApiResponse(int status, String contentType, Map<String, String> headers, Body body) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Copies the headers. */
    public ApiResponse {
        headers = Map.copyOf(headers);
    }

    /** Writes a body. */
    @FunctionalInterface
    public interface Body {
        /**
         * Writes it.
         *
         * @param out where to
         * @throws IOException if the client went away
         */
        void write(OutputStream out) throws IOException;
    }

    /** Writes JSON. */
    @FunctionalInterface
    interface JsonBody {
        void write(JsonGenerator json) throws IOException;
    }

    static ApiResponse json(int status, JsonBody body) {
        return json(status, "application/json", Map.of(), body);
    }

    private static ApiResponse json(int status, String type, Map<String, String> headers, JsonBody body) {
        return new ApiResponse(status, type, headers, out -> {
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                body.write(json);
            }
        });
    }

    /** A problem as of RFC 9457. */
    static ApiResponse problem(int status, String title, String detail) {
        return problem(status, title, detail, Map.of());
    }

    static ApiResponse problem(int status, String title, String detail, Map<String, String> headers) {
        return json(status, "application/problem+json", headers, json -> {
            json.writeStartObject();
            json.writeStringField("type", "about:blank");
            json.writeStringField("title", title);
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
            json.writeEndObject();
        });
    }
}
