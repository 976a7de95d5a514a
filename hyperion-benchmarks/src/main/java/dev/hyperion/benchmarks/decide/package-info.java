// SPDX-License-Identifier: Apache-2.0
/** One scaling decision, and a tick of a simulation. */
@NullMarked
package dev.hyperion.benchmarks.decide;

import org.jspecify.annotations.NullMarked;
