// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.Deadline;
import dev.hyperion.core.alert.AlertConfig;
import dev.hyperion.core.alert.AlertParts;
import dev.hyperion.core.alert.StoredAlertJournal;
import dev.hyperion.core.config.SecretReferences;
import dev.hyperion.core.config.YamlFile;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.security.BlockedClients;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.ClientBlocker;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.Delivery;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.tck.SimulatedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The alert catalog of {@code examples/configs/hyperion.yaml}, as it is written there, on what the test causes. */
class PlaybookAlertsTest {
    private static final Path FILE = Path.of("examples/configs/hyperion.yaml");

    private final ManualTime time = new ManualTime();
    private final List<AlertEvent> told = new ArrayList<>();
    private final BlockedClients blocked = new BlockedClients(time);

    private HyperionMonitoringCenter center() throws IOException {
        Path file = Files.exists(FILE) ? FILE : Path.of("..").resolve(FILE);
        ConfigNode.Mapping all =
                YamlFile.read(FILE.toString(), Files.readString(file), new SecretReferences(Map.of(), Path.of(".")));
        Map<String, ConfigNode.Entry> ours = new LinkedHashMap<>(all.entries());
        ours.keySet().retainAll(Set.of("alerts", "alerting", "contacts"));
        PluginConfig config = AlertConfig.SCHEMA.parse(new ConfigNode.Mapping(ours, all.position()), "");
        AlertNotifier log = new AlertNotifier() {
            @Override
            public Delivery deliver(AlertEvent event, Deadline deadline) {
                told.add(event);
                return new Delivery.Delivered();
            }

            @Override
            public void close() {}
        };
        HyperionMonitoringCenter center = new HyperionMonitoringCenter(
                MonitoringSettings.defaults(),
                time,
                time,
                Runnable::run,
                Map.of(),
                new AlertParts(
                        AlertConfig.settings(config, Duration.ofSeconds(10)),
                        Map.of("log", log),
                        new StoredAlertJournal(new SimulatedStore(), time),
                        blocked),
                ProcessStats.ofThisJvm());
        AlertConfig.rules(config, Set.of("log")).forEach(center::addAlert);
        return center;
    }

    @Test
    void theThreeRulesDoWhatThePlaybookSays() throws IOException {
        try (HyperionMonitoringCenter center = center()) {
            time.advanceSeconds(60);
            for (int second = 0; second < 25; second++) {
                center.meters().timer("latency").record(300, TimeUnit.MILLISECONDS);
                time.advanceSeconds(1);
            }
            assertThat(told).as("two hits page nobody").isEmpty();
            time.advanceSeconds(5);
            assertThat(told).hasSize(1);
            assertThat(told.get(0).text())
                    .matches("latency.p95 is (29[89]|30[0-2])(\\.[0-9])? ms, firing at gt 250 ms after 3 hits; "
                            + "call sre: sre-oncall@example.com, then sre-backup@example.com");

            center.meters().counter("error").increment(6);
            time.advanceSeconds(10);
            assertThat(told).extracting(event -> event.rule().name()).contains("error-rate");

            center.meters()
                    .counter("security.unauthorized", "client", "192.0.2.7")
                    .increment(11);
            center.meters()
                    .counter("security.unauthorized", "client", "192.0.2.8")
                    .increment(1);
            time.advanceSeconds(10);
            assertThat(told.get(told.size() - 1).labels()).isEqualTo(Map.of("client", "192.0.2.7"));
            List<ClientBlocker.Block> blocks = blocked.blocks();
            assertThat(blocks).hasSize(1);
            assertThat(blocks.get(0).address().value()).isEqualTo("192.0.2.7");
            assertThat(Duration.between(time.now(), blocks.get(0).until())).isEqualTo(Duration.ofMinutes(15));

            time.advance(Duration.ofMinutes(2));
            assertThat(center.alerts())
                    .noneMatch(status -> status.state() == AlertState.FIRING
                            && !status.rule().name().equals("latency"));
        }
    }
}
