// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core;

import dev.hyperion.ConfigException;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.Secret;
import dev.hyperion.TaskScheduler;
import dev.hyperion.core.config.SecretReferences;
import dev.hyperion.plugin.PluginCatalog;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.PluginProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins that a configuration names, each with its own section and what it may use of the house. Remembers which were
 * asked for, so that a section nobody reads is told as the mistake that it is.
 */
final class ConfiguredPlugins {
    private final Settings settings;
    private final SecretReferences secrets;
    private final Optional<Path> dataFolder;
    private final PluginCatalog catalog;
    private final HyperionClock clock;
    private final TaskScheduler scheduler;
    private final Executor executor;
    private final Supplier<MeterRegistry> meters;
    private final List<String> used = new ArrayList<>();

    ConfiguredPlugins(
            Settings settings,
            SecretReferences secrets,
            Optional<Path> dataFolder,
            PluginCatalog catalog,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor,
            Supplier<MeterRegistry> meters) {
        this.settings = settings;
        this.secrets = secrets;
        this.dataFolder = dataFolder;
        this.catalog = catalog;
        this.clock = clock;
        this.scheduler = scheduler;
        this.executor = executor;
        this.meters = meters;
    }

    /** The one that a key of the file names. */
    <P extends PluginProvider> P named(Class<P> kind, String name, String key) {
        try {
            return catalog.require(kind, name);
        } catch (HyperionException e) {
            throw settings.wrong(key, String.valueOf(e.getMessage()));
        }
    }

    /** The one that a key of a section names. */
    <P extends PluginProvider> P named(Class<P> kind, PluginConfig section, String key) {
        try {
            return catalog.require(kind, section.text(key));
        } catch (HyperionException e) {
            throw new ConfigException(section.problem(key, String.valueOf(e.getMessage())));
        }
    }

    PluginConfig config(PluginProvider provider) {
        used.add(provider.name());
        return settings.plugin(provider.name(), provider.schema());
    }

    PluginContext context(String kind, PluginProvider provider) {
        return new Context(kind, provider.name());
    }

    List<String> used() {
        return List.copyOf(used);
    }

    /** Where state is kept, made if it is not there. */
    Path folder() {
        return made(dataFolder.orElseThrow(
                () -> settings.wrong("data_folder", "is missing; expected a folder where state can be kept")));
    }

    private static Path made(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.toAbsolutePath().getParent());
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return folder;
        } catch (IOException e) {
            throw new HyperionException("data folder " + folder + " cannot be made: " + e);
        }
    }

    /** What one plugin gets. */
    private final class Context implements PluginContext {
        private final String kind;
        private final String name;

        Context(String kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        @Override
        public HyperionClock clock() {
            return clock;
        }

        @Override
        public TaskScheduler scheduler() {
            return scheduler;
        }

        @Override
        public Executor executor() {
            return executor;
        }

        @Override
        public MeterRegistry meters() {
            return meters.get();
        }

        @Override
        public Logger logger() {
            return LoggerFactory.getLogger("dev.hyperion." + kind + "." + name);
        }

        @Override
        public Secret secret(String reference) {
            return secrets.secret(reference);
        }

        @Override
        public Path dataFolder() {
            return made(folder().resolve(kind));
        }
    }
}
