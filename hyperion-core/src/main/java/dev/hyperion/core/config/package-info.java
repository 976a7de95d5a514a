// SPDX-License-Identifier: Apache-2.0
/** Reads configuration files, with the place of every key. */
@NullMarked
package dev.hyperion.core.config;

import org.jspecify.annotations.NullMarked;
