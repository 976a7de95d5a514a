// SPDX-License-Identifier: Apache-2.0
/** What reading costs: the percentiles of a window, and those of a fleet. */
@NullMarked
package dev.hyperion.benchmarks.read;

import org.jspecify.annotations.NullMarked;
