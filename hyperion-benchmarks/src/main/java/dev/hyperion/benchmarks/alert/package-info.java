// SPDX-License-Identifier: Apache-2.0
/** What evaluating alert rules costs. */
@NullMarked
package dev.hyperion.benchmarks.alert;

import org.jspecify.annotations.NullMarked;
