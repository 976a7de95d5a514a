// SPDX-License-Identifier: Apache-2.0
/**
 * The rules of the house, checked on the classes of every module together.
 *
 * <p>A rule that has to give way says so here, in {@link dev.hyperion.architecture.House} or beside the rule, with its
 * reason; nothing is exempted silently.
 */
@NullMarked
package dev.hyperion.architecture;

import org.jspecify.annotations.NullMarked;
