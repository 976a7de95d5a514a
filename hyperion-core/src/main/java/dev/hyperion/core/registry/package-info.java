// SPDX-License-Identifier: Apache-2.0
/**
 * The Micrometer registry that {@code MonitoringCenter.meters()} hands out: every meter type of Micrometer over the
 * recorders of {@code dev.hyperion.core.record}.
 *
 * <p>The query and export packages of this module read it through {@link dev.hyperion.core.registry.HyperionMeterRegistry}
 * and {@link dev.hyperion.core.registry.DistributionMeter}; everyone else sees only Micrometer's types.
 */
@NullMarked
package dev.hyperion.core.registry;

import org.jspecify.annotations.NullMarked;
