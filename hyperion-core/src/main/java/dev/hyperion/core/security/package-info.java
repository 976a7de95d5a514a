// SPDX-License-Identifier: Apache-2.0
/** Who may ask what: keys, rates and blocked addresses. */
@NullMarked
package dev.hyperion.core.security;

import org.jspecify.annotations.NullMarked;
