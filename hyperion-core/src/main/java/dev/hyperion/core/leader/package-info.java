// SPDX-License-Identifier: Apache-2.0
/** Who may act: one process on one machine, by a lock on a file. */
@NullMarked
package dev.hyperion.core.leader;

import org.jspecify.annotations.NullMarked;
