// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.Secret;
import dev.hyperion.TaskScheduler;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.TrafficRouter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The least house that a plugin can live in, on real time. */
public final class TestHouse implements PluginContext, TaskScheduler, AutoCloseable {
    private final Path folder;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final ExecutorService workers = Executors.newCachedThreadPool();

    public TestHouse(Path folder) {
        this.folder = folder;
    }

    /** The plugin as its provider makes it from these keys. */
    TrafficRouter router(Map<String, String> keys) {
        EmbeddedTrafficRouterProvider provider = new EmbeddedTrafficRouterProvider();
        return provider.create(provider.schema().parse(ConfigNode.Mapping.of(keys), "router"), this);
    }

    public Deadline within(int seconds) {
        return Deadline.in(clock(), Duration.ofSeconds(seconds));
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
    public Executor executor() {
        return workers;
    }

    @Override
    public MeterRegistry meters() {
        return new SimpleMeterRegistry();
    }

    @Override
    public Logger logger() {
        return LoggerFactory.getLogger("router");
    }

    @Override
    public Secret secret(String reference) {
        throw new IllegalArgumentException(reference);
    }

    @Override
    public Path dataFolder() {
        return folder;
    }

    @Override
    public Task once(String name, Duration delay, Runnable task) {
        Future<?> future = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public Task every(String name, Duration initialDelay, Duration period, Runnable task) {
        Future<?> future =
                timer.scheduleAtFixedRate(task, initialDelay.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
    }
}
