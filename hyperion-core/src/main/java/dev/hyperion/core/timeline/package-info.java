// SPDX-License-Identifier: Apache-2.0
/**
 * The course of chosen metrics: what each slot of time held, at several resolutions, in memory and in segment files that
 * survive the process. What is kept are histograms, counts and gauge readings; statistics are taken when somebody asks.
 *
 * <p>{@link dev.hyperion.core.timeline.TimelineStore} is the door; {@code core.query} feeds it at every tick and reads it.
 * Nothing here knows of meters, addresses or statistics.
 */
@NullMarked
package dev.hyperion.core.timeline;

import org.jspecify.annotations.NullMarked;
