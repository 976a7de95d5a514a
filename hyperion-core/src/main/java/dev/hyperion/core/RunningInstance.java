// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConfigException;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.Secret;
import dev.hyperion.TaskScheduler;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.core.alert.AlertParts;
import dev.hyperion.core.alert.StoredAlertJournal;
import dev.hyperion.core.config.SecretReferences;
import dev.hyperion.core.health.OwnChecks;
import dev.hyperion.core.health.ReplicaGauges;
import dev.hyperion.core.http.ApiRequest;
import dev.hyperion.core.http.ApiServer;
import dev.hyperion.core.http.Endpoints;
import dev.hyperion.core.query.HyperionMonitoringCenter;
import dev.hyperion.core.registry.GaugeReader;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.security.ApiKeys;
import dev.hyperion.core.security.BlockedClients;
import dev.hyperion.core.security.Role;
import dev.hyperion.core.time.SystemScheduler;
import dev.hyperion.core.timeline.TimelineSettings;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.TraceContext;
import dev.hyperion.plugin.PluginCatalog;
import dev.hyperion.plugin.PluginGuard;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.AutoScalerProvider;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.DeployBackendProvider;
import dev.hyperion.spi.DeploymentEngine;
import dev.hyperion.spi.DeploymentManagerProvider;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.HealthCheckProvider;
import dev.hyperion.spi.LeaderElector;
import dev.hyperion.spi.LeaderElectorProvider;
import dev.hyperion.spi.Leadership;
import dev.hyperion.spi.LeadershipListener;
import dev.hyperion.spi.LogBridgeProvider;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StateStoreProvider;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.TrafficRouterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that runs, started in order and closed in the opposite one. What cannot be started takes what was started before
 * down with it.
 *
 * <p>Thread-safety: thread-safe.
 */
final class RunningInstance implements EngineContext, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hyperion.class);
    private static final String LOCK = "operator";
    private static final int WORKERS = 8;
    private static final Duration GAUGE_INTERVAL = Duration.ofSeconds(2);
    private static final Duration GAUGE_DEADLINE = Duration.ofSeconds(1);

    private final Settings settings;
    private final SecretReferences secrets;
    private final HyperionClock clock = HyperionClock.system();
    private final Deque<AutoCloseable> closeables = new ArrayDeque<>();
    private final PluginCatalog plugins;
    private final SystemScheduler scheduler;
    private final ThreadPoolExecutor executor;
    private final Optional<Path> dataFolder;
    private final ConfiguredPlugins parts;
    private final BlockedClients blocked;
    private final StateStore store;
    private final HyperionMonitoringCenter monitoring;
    private final Leadership leadership;
    private @Nullable DeployBackend backend;
    private @Nullable TrafficRouter router;
    private @Nullable DeploymentEngine deployments;
    private @Nullable AutoScalerEngine scaling;
    private @Nullable ApiServer server;

    static RunningInstance start(
            Settings settings,
            SecretReferences secrets,
            Optional<Path> dataFolder,
            boolean mustLead,
            @Nullable TraceContext traces) {
        return new RunningInstance(settings, secrets, dataFolder, mustLead, traces);
    }

    private RunningInstance(
            Settings settings,
            SecretReferences secrets,
            Optional<Path> givenFolder,
            boolean mustLead,
            @Nullable TraceContext traces) {
        this.settings = settings;
        this.secrets = secrets;
        this.dataFolder = givenFolder.or(settings::dataFolder);
        this.plugins = PluginCatalog.load(Hyperion.class.getClassLoader());
        plugins.broken().forEach(broken -> LOG.warn("{} plugin cannot be loaded: {}", broken.kind(), broken.why()));
        this.scheduler = opened(new SystemScheduler(clock));
        this.executor = workers();
        closeables.push(executor::shutdownNow);
        this.blocked = new BlockedClients(clock);
        this.parts =
                new ConfiguredPlugins(settings, secrets, dataFolder, plugins, clock, scheduler, executor, this::meters);
        try {
            this.store = opened(openStore());
            Map<String, AlertNotifier> notifiers = notifiers();
            StoredAlertJournal journal = new StoredAlertJournal(store, clock);
            this.monitoring = opened(new HyperionMonitoringCenter(
                    settings.monitoring().withRegistry(settings.registry().withTraces(traces)),
                    clock,
                    scheduler,
                    executor,
                    Map.of(),
                    new AlertParts(settings.alerting(), notifiers, journal, blocked),
                    ProcessStats.ofThisJvm(),
                    new TimelineSettings(
                            settings.timelineKeep(),
                            dataFolder.map(folder -> parts.folder().resolve("timeline")))));
            readGauges();
            captureLogs();
            settings.alerts(notifiers.keySet()).forEach(monitoring::addAlert);
            monitoring.resumeAlerts();
            this.leadership = opened(lead(mustLead));
            addHealthChecks();
            startEngines();
            settings.requireUsed(parts.used());
            monitoring.started();
            startServer();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private <C extends AutoCloseable> C opened(C closeable) {
        closeables.push(closeable);
        return closeable;
    }

    private MeterRegistry meters() {
        return monitoring.meters();
    }

    private static ThreadPoolExecutor workers() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                WORKERS, WORKERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1_000), run -> {
                    Thread thread = new Thread(run, "hyperion-worker-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    private void readGauges() {
        ThreadPoolExecutor threads = GaugeReader.threads();
        closeables.push(threads::shutdownNow);
        monitoring.meters().readFunctionsThrough(new GaugeReader(clock, scheduler, threads, GAUGE_DEADLINE));
    }

    private StateStore openStore() {
        StateStoreProvider provider = parts.named(StateStoreProvider.class, settings.store(), "store");
        return provider.create(parts.config(provider), parts.context("store", provider));
    }

    private Map<String, AlertNotifier> notifiers() {
        Map<String, AlertNotifier> notifiers = new LinkedHashMap<>();
        // a notifier needs no configuration to be there, so every one that has a section, and the log, is made
        Map<String, ConfigNode.Entry> sections =
                settings.section("plugins").map(ConfigNode.Mapping::entries).orElse(Map.of());
        for (String name : plugins.names(AlertNotifierProvider.class)) {
            if (name.equals("log") || sections.containsKey(name)) {
                AlertNotifierProvider provider = plugins.require(AlertNotifierProvider.class, name);
                notifiers.put(name, opened(provider.create(parts.config(provider), parts.context("alerts", provider))));
            }
        }
        return notifiers;
    }

    private void captureLogs() {
        for (String name : new LinkedHashSet<>(settings.captured())) {
            LogBridgeProvider provider = parts.named(LogBridgeProvider.class, name, "logs");
            try {
                monitoring.capture(
                        name, sink -> provider.create(parts.config(provider), parts.context("logs", provider), sink));
            } catch (HyperionException e) {
                throw e instanceof ConfigException ? e : settings.wrong("logs", String.valueOf(e.getMessage()));
            }
        }
    }

    private void addHealthChecks() {
        monitoring.addHealthCheck("store", OwnChecks.store(store));
        monitoring.addHealthCheck("leader", OwnChecks.WORKS_WITHOUT, OwnChecks.leader(leadership));
        dataFolder.ifPresent(folder -> monitoring.addHealthCheck(
                "disk",
                OwnChecks.WORKS_WITHOUT,
                OwnChecks.disk(folder, settings.health().diskFree())));
        Map<String, ConfigNode.Entry> sections =
                settings.section("plugins").map(ConfigNode.Mapping::entries).orElse(Map.of());
        for (String name : plugins.names(HealthCheckProvider.class)) {
            if (sections.containsKey(name)) {
                HealthCheckProvider provider = plugins.require(HealthCheckProvider.class, name);
                HealthCheck check = provider.create(parts.config(provider), parts.context("health", provider));
                if (check instanceof AutoCloseable closeable) {
                    opened(closeable);
                }
                monitoring.addHealthCheck(
                        name,
                        provider.options(),
                        PluginGuard.around(HealthCheck.class, name, check, clock, monitoring.meters()));
            }
        }
    }

    private Leadership lead(boolean mustLead) {
        if (dataFolder.isEmpty()) {
            return new SoleLeader(store.nextEpoch(LOCK));
        }
        LeaderElectorProvider provider = parts.named(LeaderElectorProvider.class, settings.leader(), "leader");
        LeaderElector elector =
                opened(provider.create(parts.config(provider), parts.context("leader", provider), store));
        Leadership campaign = elector.campaign(LOCK, new LeadershipListener() {
            @Override
            public void acquired(Leadership held) {
                LOG.info("this instance leads, with epoch {}", held.epoch());
            }

            @Override
            public void lost(String why) {
                LOG.info("this instance does not lead any more: {}", why);
            }
        });
        if (mustLead && !campaign.held()) {
            throw new HyperionException("data folder " + dataFolder.get() + " is led by " + campaign.holder()
                    + "; stop that instance, or use another data folder");
        }
        return campaign;
    }

    private void startEngines() {
        Optional<ConfigNode.Mapping> deploy = settings.section("deploy");
        if (deploy.isPresent()) {
            DeploymentManagerProvider provider = plugins.only(DeploymentManagerProvider.class)
                    .orElseThrow(() -> settings.wrong(
                            "deploy", "needs the rollout engine; add dev.hyperion:hyperion-deploy to the class path"));
            ConfigSchema schema = provider.schema()
                    .and(ConfigSchema.of(
                            ConfigKey.of("backend", ConfigKey.Type.TEXT, "What runs replicas, such as process.")
                                    .mandatory(),
                            ConfigKey.of("router", ConfigKey.Type.TEXT, "What shares traffic out, such as embedded.")
                                    .mandatory()));
            PluginConfig config = schema.parse(deploy.get(), "deploy");
            openBackend(config);
            openRouter(config);
            deployments = opened(provider.create(config, this));
        }
        Optional<ConfigNode.Mapping> autoscale = settings.section(ConfiguredPolicies.SECTION);
        if (autoscale.isPresent()) {
            AutoScalerProvider provider = plugins.only(AutoScalerProvider.class)
                    .orElseThrow(
                            () -> settings.wrong(ConfiguredPolicies.SECTION, ConfiguredPolicies.MISSING_AUTOSCALER));
            scaling =
                    opened(provider.create(provider.schema().parse(autoscale.get(), ConfiguredPolicies.SECTION), this));
        }
        if (deployments != null) {
            deployments.start();
            ReplicaGauges gauges = new ReplicaGauges(monitoring.meters());
            scheduler.every(
                    "replica gauges", GAUGE_INTERVAL, GAUGE_INTERVAL, () -> executor.execute(() -> show(gauges)));
        }
        if (scaling != null) {
            scaling.start();
        }
    }

    private void openBackend(PluginConfig config) {
        DeployBackendProvider provider = parts.named(DeployBackendProvider.class, config, "backend");
        DeployBackend opened = provider.create(parts.config(provider), parts.context("backend", provider));
        backend = opened(PluginGuard.around(DeployBackend.class, provider.name(), opened, clock, monitoring.meters()));
        backend.metrics().ifPresent(source -> monitoring.addSource(provider.name(), source));
    }

    private void openRouter(PluginConfig config) {
        TrafficRouterProvider provider = parts.named(TrafficRouterProvider.class, config, "router");
        TrafficRouter opened = provider.create(parts.config(provider), parts.context("router", provider));
        router = opened(PluginGuard.around(TrafficRouter.class, provider.name(), opened, clock, monitoring.meters()));
        router.metrics().ifPresent(source -> monitoring.addSource(provider.name(), source));
    }

    private void show(ReplicaGauges gauges) {
        Map<ReplicaGauges.Group, Long> counts = new HashMap<>();
        deployments()
                .ifPresent(manager -> manager.applications().forEach(application -> {
                    try {
                        manager.status(application)
                                .versions()
                                .forEach(version -> version.replicas()
                                        .forEach(replica -> counts.merge(
                                                new ReplicaGauges.Group(
                                                        application.value(),
                                                        version.version().value(),
                                                        replica.phase().word()),
                                                1L,
                                                Long::sum)));
                    } catch (HyperionException e) {
                        LOG.debug("replicas of {} cannot be shown: {}", application, e.getMessage());
                    }
                }));
        gauges.show(counts);
    }

    private void startServer() {
        Optional<ApiServer.Settings> http = settings.http();
        if (http.isEmpty()) {
            return;
        }
        ApiKeys keys = new ApiKeys(settings.keys());
        if (dataFolder.isPresent()) {
            Secret own = ApiKeys.own(parts.folder().resolve("api-key"));
            keys = keys.with(own, new ApiKeys.Holder(ApiRequest.NOBODY, Role.OPERATOR));
        }
        Endpoints endpoints = new Endpoints(
                settings.version().orElse(version()),
                monitoring,
                Optional.ofNullable(deployments),
                Optional.ofNullable(scaling),
                plugins,
                secrets,
                settings.openMetrics(),
                settings.exposition());
        try {
            server = opened(new ApiServer(http.get(), endpoints, keys, blocked, monitoring, clock, scheduler));
        } catch (HyperionException e) {
            throw settings.wrong("http", String.valueOf(e.getMessage()));
        }
    }

    private static String version() {
        String version = Hyperion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    Optional<URI> address() {
        ApiServer listening = server;
        return listening == null
                ? Optional.empty()
                : settings.http().map(http -> URI.create("http://" + http.host() + ":" + listening.port()));
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
    public MonitoringCenter monitoring() {
        return monitoring;
    }

    @Override
    public StateStore store() {
        return store;
    }

    @Override
    public Leadership leadership() {
        return leadership;
    }

    @Override
    public DeployBackend backend() {
        if (backend == null) {
            throw new HyperionException("no backend is configured; set deploy.backend");
        }
        return backend;
    }

    @Override
    public TrafficRouter router() {
        if (router == null) {
            throw new HyperionException("no router is configured; set deploy.router");
        }
        return router;
    }

    @Override
    public Optional<DeploymentManager> deployments() {
        return Optional.ofNullable(deployments).map(DeploymentEngine::manager);
    }

    @Override
    public Optional<AutoScaler> autoScaler(ApplicationId application) {
        return Optional.ofNullable(scaling).flatMap(engine -> engine.of(application));
    }

    @Override
    public void close() {
        while (!closeables.isEmpty()) {
            AutoCloseable next = closeables.pop();
            try {
                next.close();
            } catch (Exception e) {
                // the rest is closed all the same
                LOG.warn("{} did not close: {}", next, e.toString());
            }
        }
    }

    /** Nobody else can have what is in this process's memory. */
    private record SoleLeader(long epoch) implements Leadership {
        @Override
        public boolean held() {
            return true;
        }

        @Override
        public Instant validUntil() {
            return Instant.MAX;
        }

        @Override
        public String holder() {
            return "this process";
        }

        @Override
        public void close() {}
    }
}
