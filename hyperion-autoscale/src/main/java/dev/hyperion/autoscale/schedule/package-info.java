// SPDX-License-Identifier: Apache-2.0
/** Bounds that change with the time of day or week. Its door is {@link dev.hyperion.autoscale.schedule.Schedule}. */
@NullMarked
package dev.hyperion.autoscale.schedule;

import org.jspecify.annotations.NullMarked;
