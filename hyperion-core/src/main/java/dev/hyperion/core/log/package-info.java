// SPDX-License-Identifier: Apache-2.0
/** The ring of recent log entries behind {@code MonitoringCenter.logs}; the monitoring center owns the one instance. */
@NullMarked
package dev.hyperion.core.log;

import org.jspecify.annotations.NullMarked;
