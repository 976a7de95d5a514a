// SPDX-License-Identifier: Apache-2.0
/** The entry point for applications: {@link dev.hyperion.core.Hyperion}. Everything below is internal. */
@NullMarked
package dev.hyperion.core;

import org.jspecify.annotations.NullMarked;
