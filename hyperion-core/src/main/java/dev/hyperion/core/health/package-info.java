// SPDX-License-Identifier: Apache-2.0
/**
 * Health checks: run in the background, each with a deadline of its own, and read from a cache, so that asking for health
 * never waits for what is asked about.
 */
@NullMarked
package dev.hyperion.core.health;

import org.jspecify.annotations.NullMarked;
