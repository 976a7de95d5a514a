// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.core.alert.AlertParts;
import dev.hyperion.core.alert.AlertSettings;
import dev.hyperion.core.alert.StoredAlertJournal;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.ClientAddress;
import dev.hyperion.spi.ClientBlocker;
import dev.hyperion.spi.MetricSource;
import dev.hyperion.tck.SimulatedStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Centers on manual time whose work runs on the thread that advances it. */
final class TestCenters {
    private static final ClientBlocker NOBODY_BLOCKED = new ClientBlocker() {
        @Override
        public void block(ClientAddress address, Duration expiry, String why) {}

        @Override
        public void unblock(ClientAddress address) {}

        @Override
        public List<Block> blocks() {
            return List.of();
        }

        @Override
        public void close() {}
    };

    private TestCenters() {}

    static HyperionMonitoringCenter center(
            MonitoringSettings settings, ManualTime time, Map<String, MetricSource> sources) {
        return center(settings, time, sources, Map.of());
    }

    static HyperionMonitoringCenter center(
            MonitoringSettings settings,
            ManualTime time,
            Map<String, MetricSource> sources,
            Map<String, AlertNotifier> notifiers) {
        return new HyperionMonitoringCenter(
                settings,
                time,
                time,
                Runnable::run,
                sources,
                new AlertParts(
                        AlertSettings.defaults(),
                        notifiers,
                        new StoredAlertJournal(new SimulatedStore(), time),
                        NOBODY_BLOCKED),
                ProcessStats.ofThisJvm());
    }

    static MonitoringSettings withAlias(String alias, String name) {
        MonitoringSettings d = MonitoringSettings.defaults();
        return new MonitoringSettings(
                d.tick(),
                d.window(),
                Map.of(alias, name),
                d.timeline(),
                d.logs(),
                d.sourceDeadline(),
                d.healthInterval(),
                d.healthDeadline());
    }
}
