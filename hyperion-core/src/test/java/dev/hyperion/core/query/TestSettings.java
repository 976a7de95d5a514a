// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import java.util.Map;

/** The defaults with one thing changed. */
final class TestSettings {
    private TestSettings() {}

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
