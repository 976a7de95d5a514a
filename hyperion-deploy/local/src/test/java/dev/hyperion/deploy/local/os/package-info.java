// SPDX-License-Identifier: Apache-2.0
/** Tests with real processes. */
@NullMarked
package dev.hyperion.deploy.local.os;

import org.jspecify.annotations.NullMarked;
