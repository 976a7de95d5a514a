// SPDX-License-Identifier: Apache-2.0
/** From the results kept as JSON to tables, sentences and a chart. Nothing in a document that tells a figure is written by hand. */
@NullMarked
package dev.hyperion.benchmarks.report;

import org.jspecify.annotations.NullMarked;
