// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.EngineContext;
import java.util.Map;

/** Tells what happens, in the log ring of the monitoring center. Thread-safety: thread-safe. */
final class EngineLog {
    private final EngineContext context;

    EngineLog(EngineContext context) {
        this.context = context;
    }

    void info(ApplicationId application, String message) {
        log(application, LogLevel.INFO, message);
    }

    void warn(ApplicationId application, String message) {
        log(application, LogLevel.WARN, message);
    }

    void error(ApplicationId application, String message) {
        log(application, LogLevel.ERROR, message);
    }

    private void log(ApplicationId application, LogLevel level, String message) {
        context.monitoring()
                .log(new LogEntry(
                        context.clock().now(),
                        level,
                        "dev.hyperion.deploy",
                        message,
                        Map.of("application", application.value())));
    }
}
