// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import java.io.IOException;

/**
 * One endpoint.
 *
 * @param method in upper case
 * @param path exact, or a prefix that ends with {@code /*}
 * @param access who may ask
 * @param handler what answers
 */
record Route(String method, String path, Access access, Handler handler) {
    /** Answers a request. */
    @FunctionalInterface
    interface Handler {
        ApiResponse answer(ApiRequest request) throws IOException;
    }

    boolean serves(String asked) {
        return path.endsWith("/*")
                ? asked.startsWith(path.substring(0, path.length() - 1)) && asked.length() >= path.length()
                : asked.equals(path);
    }

    /** What the prefix is followed by. */
    String rest(String asked) {
        return asked.substring(path.length() - 1);
    }
}
