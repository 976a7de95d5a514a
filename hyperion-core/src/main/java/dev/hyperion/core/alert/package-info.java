// SPDX-License-Identifier: Apache-2.0
/**
 * Alert rules and what becomes of them: evaluation on an interval, the states per label set, and the pipeline that journals
 * an event before it is sent and sends it until every notifier has it.
 *
 * <p>The monitoring center drives {@code AlertEngine}; notifiers are found as plugins, and {@code log} lives here.
 */
@NullMarked
package dev.hyperion.core.alert;

import org.jspecify.annotations.NullMarked;
