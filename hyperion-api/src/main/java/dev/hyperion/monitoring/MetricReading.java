// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/**
 * One scalar that was read.
 *
 * <p>Thread-safety: immutable.
 *
 * @param address what was asked for
 * @param value the figure
 * @param unit its unit, such as {@code seconds}, {@code bytes}, {@code percent} or {@code 1/s}; empty if it has none
 * @param window the window that it covers; its end is the age of the reading
 */
public record MetricReading(String address, double value, String unit, Window window) {}
