// SPDX-License-Identifier: Apache-2.0
/** The operator process that serve and demo run, and how commands find it. */
@NullMarked
package dev.hyperion.cli.operator;

import org.jspecify.annotations.NullMarked;
