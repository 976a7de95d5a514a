// SPDX-License-Identifier: Apache-2.0
/**
 * The router that stands before an application's replicas: a program of its own, shipped as one jar, which goes on serving
 * when the operator dies. It knows nothing of Hyperion's interfaces; the operator talks to it over its admin port. What may
 * not change without the other side: the admin answers ({@code AdminJson}) and the files of {@code StateFolder}.
 */
@NullMarked
package dev.hyperion.router;

import org.jspecify.annotations.NullMarked;
