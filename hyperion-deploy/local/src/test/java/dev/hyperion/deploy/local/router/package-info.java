// SPDX-License-Identifier: Apache-2.0
/** Tests of the embedded router with its real jar, real replicas and real operators. */
@NullMarked
package dev.hyperion.deploy.local.router;

import org.jspecify.annotations.NullMarked;
