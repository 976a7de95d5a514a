// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

import com.sun.management.OperatingSystemMXBean;
import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.Version;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.core.Hyperion;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.monitoring.MetricReading;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.AutoScalerProvider;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Leadership;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import dev.hyperion.spi.TrafficRouter;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program of {@link LoopCost}: ten thousand applications with a threshold policy each, at an interval of 15 s. Metrics come
 * from a monitoring center and records go to a journal, as they do elsewhere; the applications are a list, for what a
 * deployment manager or a disk costs is not the loop's. Prints the share of one processor in percent, the worst lateness in
 * milliseconds and the missed turns.
 */
public final class ScalingLoop {
    private static final int APPLICATIONS = 10_000;
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final int WARM_UP = 8;
    private static final int MEASURED = 4;

    private ScalingLoop() {}

    /**
     * Runs and prints.
     *
     * @param args none
     * @throws ExecutionException if the clock of the processor cannot be read
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws ExecutionException, InterruptedException {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try (Hyperion hyperion = Hyperion.start()) {
            MonitoringCenter monitoring = hyperion.monitoring();
            List<ApplicationId> applications = new ArrayList<>();
            for (int i = 0; i < APPLICATIONS; i++) {
                ApplicationId application = new ApplicationId("application-" + i);
                applications.add(application);
                double percent = 30 + i % 40;
                monitoring
                        .meters()
                        .gauge(
                                "load.now",
                                List.of(io.micrometer.core.instrument.Tag.of("application", application.value())),
                                percent);
            }
            AutoScalerProvider provider =
                    ServiceLoader.load(AutoScalerProvider.class).findFirst().orElseThrow();
            Context context = new Context(monitoring, timer, workers, applications);
            AutoScalerEngine engine = provider.create(
                    provider.schema()
                            .parse(
                                    ConfigNode.Mapping.of(
                                            Map.of("metric", "load.now", "interval", INTERVAL.toSeconds() + "s")),
                                    "autoscale"),
                    context);
            context.engine = Optional.of(engine);
            engine.start();
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            timer.schedule(monitoring::reset, WARM_UP * INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                    .get();
            long cpu = system.getProcessCpuTime();
            cpu = timer.schedule(system::getProcessCpuTime, MEASURED * INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                            .get()
                    - cpu;
            double seconds = MEASURED * (double) INTERVAL.toSeconds();
            System.out.println(String.format(
                    Locale.ROOT,
                    "%.2f %.1f %.0f",
                    cpu / 1e9 / seconds * 100,
                    read(monitoring, "autoscale.lateness.max") * 1_000,
                    read(monitoring, "autoscale.turns_missed.count")));
            engine.close();
        } finally {
            workers.shutdownNow();
            timer.shutdownNow();
        }
    }

    private static double read(MonitoringCenter monitoring, String address) {
        return monitoring.read(address).map(MetricReading::value).orElse(0.0);
    }

    /** What the loop gets. */
    private static final class Context implements EngineContext, TaskScheduler {
        private final MonitoringCenter monitoring;
        private final ScheduledExecutorService timer;
        private final Executor workers;
        private final StateStore store = new Kept();
        private final DeploymentManager deployments;
        private Optional<AutoScalerEngine> engine = Optional.empty();

        Context(
                MonitoringCenter monitoring,
                ScheduledExecutorService timer,
                Executor workers,
                List<ApplicationId> applications) {
            this.monitoring = monitoring;
            this.timer = timer;
            this.workers = workers;
            this.deployments = deployments(applications);
        }

        /** Three replicas of everything, and nothing is ever done about it: the load stays within the thresholds. */
        private DeploymentManager deployments(List<ApplicationId> applications) {
            Map<ApplicationId, Boolean> known = new HashMap<>();
            applications.forEach(application -> known.put(application, true));
            List<ApplicationId> all = new java.util.AbstractList<>() {
                @Override
                public ApplicationId get(int index) {
                    return applications.get(index);
                }

                @Override
                public int size() {
                    return applications.size();
                }

                @Override
                public boolean contains(Object application) {
                    return known.containsKey(application);
                }
            };
            return (DeploymentManager) Proxy.newProxyInstance(
                    DeploymentManager.class.getClassLoader(),
                    new Class<?>[] {DeploymentManager.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "applications" -> all;
                        case "open" -> Optional.empty();
                        case "history" -> List.of();
                        case "status" ->
                            new DeploymentStatus(
                                    (ApplicationId) arguments[0],
                                    Optional.of(new Version("1")),
                                    3,
                                    List.of(),
                                    Optional.empty(),
                                    "",
                                    Optional.empty(),
                                    List.of(),
                                    clock().now());
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        @Override
        public HyperionClock clock() {
            return HyperionClock.system();
        }

        @Override
        public TaskScheduler scheduler() {
            return this;
        }

        @Override
        public Task once(String name, Duration delay, Runnable task) {
            var future = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }

        @Override
        public Task every(String name, Duration initialDelay, Duration period, Runnable task) {
            var future =
                    timer.scheduleAtFixedRate(task, initialDelay.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }

        @Override
        public Executor executor() {
            return workers;
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
            return new Leader();
        }

        @Override
        public DeployBackend backend() {
            throw new UnsupportedOperationException("nothing runs here");
        }

        @Override
        public TrafficRouter router() {
            throw new UnsupportedOperationException("nothing is routed here");
        }

        @Override
        public Optional<DeploymentManager> deployments() {
            return Optional.of(deployments);
        }

        @Override
        public Optional<AutoScaler> autoScaler(ApplicationId application) {
            return engine.flatMap(each -> each.of(application));
        }
    }

    private static final class Leader implements Leadership {
        @Override
        public boolean held() {
            return true;
        }

        @Override
        public long epoch() {
            return 1;
        }

        @Override
        public Instant validUntil() {
            return Instant.MAX;
        }

        @Override
        public String holder() {
            return "the benchmark";
        }

        @Override
        public void close() {}
    }

    /** A journal in memory that keeps what it is not told to forget. */
    private static final class Kept implements StateStore {
        private final Map<StreamId, Deque<JournalEvent>> streams = new HashMap<>();
        private final Map<StreamId, Snapshot> snapshots = new HashMap<>();

        @Override
        public synchronized long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
            Deque<JournalEvent> kept = streams.computeIfAbsent(stream, each -> new ArrayDeque<>());
            kept.addAll(events);
            return kept.getLast().seq();
        }

        @Override
        public synchronized Stream<JournalEvent> read(StreamId stream, long fromSeq) {
            return List.copyOf(streams.getOrDefault(stream, new ArrayDeque<>())).stream()
                    .filter(event -> event.seq() >= fromSeq);
        }

        @Override
        public synchronized List<StreamId> streams(String prefix) {
            return List.copyOf(streams.keySet());
        }

        @Override
        public synchronized Optional<Snapshot> latest(StreamId stream) {
            return Optional.ofNullable(snapshots.get(stream));
        }

        @Override
        public synchronized void save(StreamId stream, Snapshot snapshot, long epoch) {
            snapshots.put(stream, snapshot);
        }

        @Override
        public synchronized void forget(StreamId stream, long beforeSeq) {
            Deque<JournalEvent> kept = streams.getOrDefault(stream, new ArrayDeque<>());
            while (!kept.isEmpty() && kept.getFirst().seq() < beforeSeq) {
                kept.removeFirst();
            }
        }

        @Override
        public long nextEpoch(String lock) {
            return 1;
        }

        @Override
        public void close() {}
    }
}
