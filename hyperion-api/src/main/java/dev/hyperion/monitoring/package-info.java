// SPDX-License-Identifier: Apache-2.0
/**
 * Measuring: meters, queries over them, alerts, health and logs. Values are immutable; {@link
 * dev.hyperion.monitoring.MonitoringCenter} is the face of the engine. Times are told in seconds, sizes in bytes, rates per
 * second.
 */
@NullMarked
package dev.hyperion.monitoring;

import org.jspecify.annotations.NullMarked;
