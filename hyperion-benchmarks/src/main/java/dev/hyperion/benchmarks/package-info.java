// SPDX-License-Identifier: Apache-2.0
/** JMH benchmarks of the hot paths beside their peers, in one run. Nothing here is published. */
@NullMarked
package dev.hyperion.benchmarks;

import org.jspecify.annotations.NullMarked;
