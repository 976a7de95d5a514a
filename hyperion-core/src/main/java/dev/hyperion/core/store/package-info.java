// SPDX-License-Identifier: Apache-2.0
/** Where journals are kept: in memory, or in a database through JDBC. */
@NullMarked
package dev.hyperion.core.store;

import org.jspecify.annotations.NullMarked;
