// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP endpoints. Handlers take {@link dev.hyperion.core.http.ApiRequest} and return {@link
 * dev.hyperion.core.http.ApiResponse}, and know nothing of the server that carries them.
 */
@NullMarked
package dev.hyperion.core.http;

import org.jspecify.annotations.NullMarked;
