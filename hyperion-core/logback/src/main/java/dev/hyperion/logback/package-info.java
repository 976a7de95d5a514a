// SPDX-License-Identifier: Apache-2.0
/**
 * The bridge from Logback into the log ring: {@code HyperionAppender} listens, be it from {@code logback.xml} or attached when
 * {@code logs.capture} names {@code logback}.
 */
@NullMarked
package dev.hyperion.logback;

import org.jspecify.annotations.NullMarked;
