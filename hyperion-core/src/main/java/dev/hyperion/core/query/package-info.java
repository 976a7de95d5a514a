// SPDX-License-Identifier: Apache-2.0
/**
 * The monitoring center: metric addresses, windows over the registry and over metric sources, the timeline, and {@link
 * dev.hyperion.core.query.HyperionMonitoringCenter}, the door through which {@code Hyperion} builds and starts it all.
 */
@NullMarked
package dev.hyperion.core.query;

import org.jspecify.annotations.NullMarked;
