// SPDX-License-Identifier: Apache-2.0
/**
 * Decisions as pure functions: the same observation and history give the same decision, byte for byte. Incubating: names
 * may change until 1.0.
 */
@NullMarked
package dev.hyperion.autoscale.policy;

import org.jspecify.annotations.NullMarked;
