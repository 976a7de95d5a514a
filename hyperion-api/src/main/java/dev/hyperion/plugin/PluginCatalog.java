// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.plugin;

import dev.hyperion.HyperionException;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.spi.AutoScalerProvider;
import dev.hyperion.spi.ClientBlockerProvider;
import dev.hyperion.spi.DeployBackendProvider;
import dev.hyperion.spi.DeploymentManagerProvider;
import dev.hyperion.spi.HealthCheckProvider;
import dev.hyperion.spi.LeaderElectorProvider;
import dev.hyperion.spi.LogBridgeProvider;
import dev.hyperion.spi.MetricSourceProvider;
import dev.hyperion.spi.PluginProvider;
import dev.hyperion.spi.StateStoreProvider;
import dev.hyperion.spi.TrafficRouterProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Every plugin on the class path or module path, by kind and name. Each provider is loaded on its own, so one that is broken
 * hides no other; it is kept as a {@link Broken} to be told about.
 *
 * <p>Thread-safety: immutable.
 */
public final class PluginCatalog {
    /** Which artifact would bring a plugin that is not there. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            "process", "dev.hyperion:hyperion-deploy-local",
            "embedded", "dev.hyperion:hyperion-deploy-local",
            "logback", "dev.hyperion:hyperion-logback",
            "threshold", "dev.hyperion:hyperion-autoscale",
            "rollouts", "dev.hyperion:hyperion-deploy");

    private final Map<Class<? extends PluginProvider>, Map<String, PluginProvider>> byKind = new LinkedHashMap<>();
    private final List<Broken> broken = new ArrayList<>();

    /**
     * A provider that could not be loaded.
     *
     * @param kind what it was to provide
     * @param why one line
     */
    public record Broken(String kind, String why) {}

    /**
     * A plugin that is there.
     *
     * @param kind what it provides, such as {@code TrafficRouter}
     * @param name its name in configurations
     * @param provider the class of its provider
     */
    public record Entry(String kind, String name, String provider) {}

    private PluginCatalog() {}

    /**
     * Finds every plugin.
     *
     * @param loader where to look
     * @return the catalog
     */
    public static PluginCatalog load(ClassLoader loader) {
        PluginCatalog catalog = new PluginCatalog();
        catalog.take(AlertNotifierProvider.class, ServiceLoader.load(AlertNotifierProvider.class, loader));
        catalog.take(AutoScalerProvider.class, ServiceLoader.load(AutoScalerProvider.class, loader));
        catalog.take(ClientBlockerProvider.class, ServiceLoader.load(ClientBlockerProvider.class, loader));
        catalog.take(DeployBackendProvider.class, ServiceLoader.load(DeployBackendProvider.class, loader));
        catalog.take(DeploymentManagerProvider.class, ServiceLoader.load(DeploymentManagerProvider.class, loader));
        catalog.take(HealthCheckProvider.class, ServiceLoader.load(HealthCheckProvider.class, loader));
        catalog.take(LeaderElectorProvider.class, ServiceLoader.load(LeaderElectorProvider.class, loader));
        catalog.take(LogBridgeProvider.class, ServiceLoader.load(LogBridgeProvider.class, loader));
        catalog.take(MetricSourceProvider.class, ServiceLoader.load(MetricSourceProvider.class, loader));
        catalog.take(StateStoreProvider.class, ServiceLoader.load(StateStoreProvider.class, loader));
        catalog.take(TrafficRouterProvider.class, ServiceLoader.load(TrafficRouterProvider.class, loader));
        return catalog;
    }

    private <P extends PluginProvider> void take(Class<P> kind, ServiceLoader<P> services) {
        Map<String, PluginProvider> named = new TreeMap<>();
        Iterator<ServiceLoader.Provider<P>> found = services.stream().iterator();
        while (true) {
            try {
                if (!found.hasNext()) {
                    break;
                }
                P provider = found.next().get();
                PluginProvider other = named.putIfAbsent(provider.name(), provider);
                if (other != null && other.getClass() != provider.getClass()) {
                    broken.add(new Broken(
                            word(kind),
                            provider.getClass().getName() + " has the name '" + provider.name() + "' of "
                                    + other.getClass().getName() + "; remove one of the two"));
                }
            } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
                // whatever a stranger's class throws when it is loaded concerns that class alone
                Throwable cause = e.getCause() == null ? e : e.getCause();
                broken.add(new Broken(word(kind), e.getMessage() + " (" + cause + ")"));
            }
        }
        byKind.put(kind, named);
    }

    private static String word(Class<?> kind) {
        return kind.getSimpleName().replaceAll("Provider$", "");
    }

    /**
     * Finds a plugin by its name.
     *
     * @param kind what it provides
     * @param name its name in configurations
     * @param <P> what it provides
     * @return the provider
     * @throws HyperionException naming those that are there, and the artifact that would add it if that is known
     */
    public <P extends PluginProvider> P require(Class<P> kind, String name) {
        Map<String, PluginProvider> named = byKind.getOrDefault(kind, Map.of());
        PluginProvider provider = named.get(name);
        if (provider == null) {
            String known = named.isEmpty() ? "none is there" : "there are " + String.join(", ", named.keySet());
            String artifact = Optional.ofNullable(ARTIFACTS.get(name))
                    .map(coordinates -> "; add " + coordinates + " to the class path")
                    .orElse("; check the name, or add the plugin's jar to the class path");
            throw new HyperionException("no " + word(kind) + " plugin is named '" + name + "': " + known + artifact);
        }
        return kind.cast(provider);
    }

    /**
     * The only plugin of a kind, for engines.
     *
     * @param kind what it provides
     * @param <P> what it provides
     * @return empty if there is none
     * @throws HyperionException if there are several
     */
    public <P extends PluginProvider> Optional<P> only(Class<P> kind) {
        Map<String, PluginProvider> named = byKind.getOrDefault(kind, Map.of());
        if (named.size() > 1) {
            throw new HyperionException("there are several " + word(kind) + " plugins, " + named.keySet()
                    + "; leave one of them on the class path");
        }
        return named.values().stream().findFirst().map(kind::cast);
    }

    /**
     * The names of the plugins of a kind.
     *
     * @param kind what they provide
     * @return in order
     */
    public List<String> names(Class<? extends PluginProvider> kind) {
        return List.copyOf(byKind.getOrDefault(kind, Map.of()).keySet());
    }

    /**
     * Every plugin that is there.
     *
     * @return by kind and name
     */
    public List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        byKind.forEach((kind, named) -> named.forEach((name, provider) ->
                all.add(new Entry(word(kind), name, provider.getClass().getName()))));
        return all;
    }

    /**
     * What could not be loaded.
     *
     * @return one entry each
     */
    public List<Broken> broken() {
        return List.copyOf(broken);
    }
}
