// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.core.alert.AlertParts;
import dev.hyperion.core.alert.AlertSettings;
import dev.hyperion.core.alert.StoredAlertJournal;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.core.timeline.Resolution;
import dev.hyperion.core.timeline.TimelineSettings;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.ClientAddress;
import dev.hyperion.spi.ClientBlocker;
import dev.hyperion.spi.MetricSource;
import dev.hyperion.tck.SimulatedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** A center whose timeline is kept in a folder. */
    static HyperionMonitoringCenter center(MonitoringSettings settings, ManualTime time, Path folder) {
        return center(
                settings,
                time,
                time,
                ProcessStats.ofThisJvm(),
                new TimelineSettings(Resolution.defaults(), Optional.of(folder)));
    }

    static HyperionMonitoringCenter center(
            MonitoringSettings settings,
            HyperionClock clock,
            TaskScheduler scheduler,
            ProcessStats process,
            TimelineSettings timeline) {
        return new HyperionMonitoringCenter(
                settings,
                clock,
                scheduler,
                Runnable::run,
                Map.of(),
                new AlertParts(
                        AlertSettings.defaults(),
                        Map.of(),
                        new StoredAlertJournal(new SimulatedStore(), clock),
                        NOBODY_BLOCKED),
                process,
                timeline);
    }

    static MonitoringSettings withTimeline(String... addresses) {
        MonitoringSettings d = MonitoringSettings.defaults();
        return new MonitoringSettings(
                d.tick(),
                d.window(),
                d.aliases(),
                List.of(addresses),
                d.logs(),
                d.sourceDeadline(),
                d.healthInterval(),
                d.healthDeadline());
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
