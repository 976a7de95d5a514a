// SPDX-License-Identifier: Apache-2.0
/** The recorder designs that were rejected, small and correct, beside the one that was chosen. See docs/decisions. */
@NullMarked
package dev.hyperion.benchmarks.designs;

import org.jspecify.annotations.NullMarked;
