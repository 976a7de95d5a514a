// SPDX-License-Identifier: Apache-2.0
/**
 * Our alert rules in the words of Prometheus: a rule file that {@code promtool check rules} accepts, over the series that
 * {@code dev.hyperion.core.expose} writes. {@code docs/prometheus.md} says what corresponds to what.
 */
@NullMarked
package dev.hyperion.core.rules;

import org.jspecify.annotations.NullMarked;
