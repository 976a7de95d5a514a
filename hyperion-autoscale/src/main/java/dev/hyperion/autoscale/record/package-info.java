// SPDX-License-Identifier: Apache-2.0
/**
 * The decision record: everything that one decision rested on, as JSON that can be decided again. Its door is {@link
 * dev.hyperion.autoscale.record.DecisionRecord}.
 */
@NullMarked
package dev.hyperion.autoscale.record;

import org.jspecify.annotations.NullMarked;
