// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.core.alert.AlertJournal;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.MetricSource;
import java.util.Map;

/** Centers on manual time whose work runs on the thread that advances it. */
final class TestCenters {
    private static final AlertJournal NONE = new AlertJournal() {
        @Override
        public void happened(AlertEvent event) {}

        @Override
        public void settled(AlertEvent event, String notifier, String how) {}
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
                settings, time, time, Runnable::run, sources, notifiers, NONE, ProcessStats.ofThisJvm());
    }

    static MonitoringSettings withAlias(String alias, String name) {
        MonitoringSettings d = MonitoringSettings.defaults();
        return new MonitoringSettings(
                d.tick(),
                d.window(),
                Map.of(alias, name),
                d.timeline(),
                d.logCapacity(),
                d.alertInterval(),
                d.notifierDeadline(),
                d.sourceDeadline(),
                d.healthInterval(),
                d.healthDeadline());
    }
}
