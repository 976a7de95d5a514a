// SPDX-License-Identifier: Apache-2.0
/** Reads policies from a configuration, and knows where each of their values stands. Its door is {@link Policies}. */
@NullMarked
package dev.hyperion.autoscale.config;

import org.jspecify.annotations.NullMarked;
