// SPDX-License-Identifier: Apache-2.0
/**
 * The ground everything stands on: identifiers, time, deadlines and errors. Reaches nothing else of Hyperion; add here
 * only what every other package needs.
 */
@NullMarked
package dev.hyperion;

import org.jspecify.annotations.NullMarked;
