// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code embedded} traffic router: starts, finds and directs router processes, one per application, which serve on when
 * the operator dies. The router itself is the program in the jar beside this class; what is said here to its admin port must
 * be what it understands.
 */
@NullMarked
package dev.hyperion.deploy.local.router;

import org.jspecify.annotations.NullMarked;
