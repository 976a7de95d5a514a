// SPDX-License-Identifier: Apache-2.0
/**
 * The log ring behind {@code MonitoringCenter.logs}, the way into it from logging backends, and the levels of their loggers.
 * The monitoring center owns the one {@code LogBook}; only this package may touch {@code java.util.logging}.
 */
@NullMarked
package dev.hyperion.core.log;

import org.jspecify.annotations.NullMarked;
