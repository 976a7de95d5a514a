// SPDX-License-Identifier: Apache-2.0
/** What is weighed rather than timed: start, threads, heap, jars, bytes per series, the error of a fleet's percentile. Each JVM is fresh. */
@NullMarked
package dev.hyperion.benchmarks.cost;

import org.jspecify.annotations.NullMarked;
