// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

/**
 * One thing weighed. Thread-safety: immutable.
 *
 * @param who which peer
 * @param what what of it
 * @param value how much
 * @param unit in what
 */
public record Figure(String who, String what, double value, String unit) {}
