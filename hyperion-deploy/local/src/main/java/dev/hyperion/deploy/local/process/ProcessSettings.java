// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.spi.PluginConfig;
import java.time.Duration;

/**
 * How the backend works.
 *
 * @param firstPort the first port for replicas
 * @param lastPort the last one
 * @param cpus how many processors a replica is allotted, for {@code cpu.utilization}
 * @param logBytes how large a replica's log may grow before its older half is dropped
 * @param archiveEntries how many entries an archive may have
 * @param archiveBytes how much an archive may unpack to
 * @param probeTimeout how long a replica may take to answer a look at its health
 */
record ProcessSettings(
        int firstPort,
        int lastPort,
        double cpus,
        long logBytes,
        int archiveEntries,
        long archiveBytes,
        Duration probeTimeout) {
    static ProcessSettings of(PluginConfig config) {
        return new ProcessSettings(
                (int) config.integer("first_port"),
                (int) config.integer("last_port"),
                config.number("cpus"),
                config.bytes("log_bytes"),
                (int) config.integer("archive_entries"),
                config.bytes("archive_bytes"),
                config.duration("probe_timeout"));
    }
}
