// SPDX-License-Identifier: Apache-2.0
/** Figures and times as decisions and their records have them. */
@NullMarked
package dev.hyperion.autoscale.told;

import org.jspecify.annotations.NullMarked;
