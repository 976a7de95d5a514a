// SPDX-License-Identifier: Apache-2.0
/** Tests of the router with real sockets; {@code TestReplica} and {@code RunningRouter} are their fixtures. */
@NullMarked
package dev.hyperion.router;

import org.jspecify.annotations.NullMarked;
