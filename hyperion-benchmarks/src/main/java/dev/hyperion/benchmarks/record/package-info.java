// SPDX-License-Identifier: Apache-2.0
/** What recording costs: into a timer, into a counter, with a tag value looked up per call, from virtual threads. */
@NullMarked
package dev.hyperion.benchmarks.record;

import org.jspecify.annotations.NullMarked;
