// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One request.
 *
 * @param method in upper case
 * @param path without the query
 * @param query parameters by name; of one whose name ends in {@code []} all values, else the last one
 * @param headers by name in lower case
 * @param body the body as text; empty if there is none
 * @param client the client's address
 * @param caller the name of the key that was sent; {@link #NOBODY} if it has none or none was asked for
 */
public record ApiRequest(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        String body,
        String client,
        String caller) {
    /** Who asks with a key that has no name. */
    public static final String NOBODY = "api";

    /** Stands between the values of a parameter that may have several. */
    static final char AND = '\n';

    /** Copies the maps. */
    public ApiRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    /** All values of a parameter whose name ends in {@code []}. */
    Set<String> parameters(String name) {
        return parameter(name)
                .map(all -> Set.of(all.split(String.valueOf(AND), -1)))
                .orElse(Set.of());
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
