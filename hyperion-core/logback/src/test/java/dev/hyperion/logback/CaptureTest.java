// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.logback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogQuery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The whole way: SLF4J, Logback, the log ring of a running instance. */
class CaptureTest {
    private static final Logger LOG = LoggerFactory.getLogger("shop.checkout");

    private static Hyperion start() {
        return Hyperion.builder()
                .config(Map.of("logs", Map.of("capture", List.of("logback", "jul"), "repeat_window", "0s")))
                .start();
    }

    @Test
    void whatTheApplicationLogsIsInTheRingWithItsContextAndCounted() {
        try (Hyperion hyperion = start();
                MDC.MDCCloseable tenant = MDC.putCloseable("tenant", "acme")) {
            LOG.warn("basket {} is empty", 12);
            assertThat(tenant).isNotNull();

            List<LogEntry> entries = hyperion.monitoring().logs(new LogQuery(1_000, LogLevel.WARN)).stream()
                    .filter(entry -> entry.logger().equals("shop.checkout"))
                    .toList();
            assertThat(entries).hasSize(1);
            assertThat(entries.get(0).message()).isEqualTo("basket 12 is empty");
            assertThat(entries.get(0).fields()).containsEntry("tenant", "acme");
            assertThat(hyperion.monitoring()
                            .meters()
                            .get("log.entries")
                            .tag("level", "warn")
                            .counter()
                            .count())
                    .isGreaterThanOrEqualTo(1);
        }
    }

    /** Its own loggers go the same way as everybody's, and nothing turns in a circle. */
    @Test
    void whatHyperionItselfLogsIsInTheRingToo() {
        try (Hyperion hyperion = start()) {
            LoggerFactory.getLogger("dev.hyperion.something").info("of our own");

            assertThat(hyperion.monitoring().logs(new LogQuery(1_000, LogLevel.INFO)))
                    .filteredOn(entry -> entry.logger().equals("dev.hyperion.something"))
                    .hasSize(1);
        }
        LOG.info("after the end");
    }

    @Test
    void aSecondInstanceListensAfterTheFirst() {
        start().close();
        try (Hyperion hyperion = start()) {
            LOG.info("to the second");
            assertThat(hyperion.monitoring().logs(new LogQuery(1_000, LogLevel.INFO)))
                    .filteredOn(entry -> entry.message().equals("to the second"))
                    .hasSize(1);
        }
    }
}
