// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.ConfigException;
import dev.hyperion.HyperionException;
import dev.hyperion.deploy.local.os.DetachedProcess;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.DeployBackendProvider;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;

/** Makes the backend {@code process}. Thread-safety: thread-safe. */
public final class ProcessDeployBackendProvider implements DeployBackendProvider {
    @Override
    public String name() {
        return "process";
    }

    @Override
    public ConfigSchema schema() {
        return ConfigSchema.of(
                ConfigKey.of("first_port", ConfigKey.Type.INTEGER, "The first port for replicas.")
                        .range(1_024, 65_535)
                        .orElse("20000"),
                ConfigKey.of("last_port", ConfigKey.Type.INTEGER, "The last port for replicas.")
                        .range(1_024, 65_535)
                        .orElse("29999"),
                ConfigKey.of("cpus", ConfigKey.Type.NUMBER, "Processors allotted to a replica, for cpu.utilization.")
                        .atLeast(0.01)
                        .orElse("1"),
                ConfigKey.of("log_bytes", ConfigKey.Type.SIZE, "How large a replica's log may grow.")
                        .atLeast(4_096)
                        .orElse("16MiB"),
                ConfigKey.of("archive_entries", ConfigKey.Type.INTEGER, "How many entries an archive may have.")
                        .atLeast(1)
                        .orElse("100000"),
                ConfigKey.of("archive_bytes", ConfigKey.Type.SIZE, "How much an archive may unpack to.")
                        .atLeast(1)
                        .orElse("4GiB"),
                ConfigKey.of(
                                "probe_timeout",
                                ConfigKey.Type.DURATION,
                                "How long a replica may take to tell its health.")
                        .atLeast(0.05)
                        .orElse("2s"));
    }

    @Override
    public DeployBackend create(PluginConfig config, PluginContext context) {
        String why = DetachedProcess.whyNotHere();
        if (!why.isEmpty()) {
            throw new HyperionException("backend process cannot be used here: " + why);
        }
        ProcessSettings settings = ProcessSettings.of(config);
        if (settings.lastPort() < settings.firstPort()) {
            throw new ConfigException(config.problem(
                    "last_port",
                    "is " + settings.lastPort() + "; expected at least first_port " + settings.firstPort()));
        }
        return new ProcessDeployBackend(settings, context);
    }
}
