// SPDX-License-Identifier: Apache-2.0
/** The scheduler and the threads of a real process. */
@NullMarked
package dev.hyperion.core.time;

import org.jspecify.annotations.NullMarked;
