// SPDX-License-Identifier: Apache-2.0
/**
 * Finding plugins and guarding them. For Hyperion's own engines; plugins and applications have no business here.
 */
@NullMarked
package dev.hyperion.plugin;

import org.jspecify.annotations.NullMarked;
