// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.plugin;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.spi.MetricSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the engines and one plugin. Calls that carry a deadline run on threads of the plugin's own, a few at most;
 * at the deadline they are interrupted and given up. A plugin that hangs again and again is left alone for a while. Whatever
 * else it throws becomes a {@link PluginException}, is counted in {@code plugin.failures} and logged, not too often.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class PluginGuard implements InvocationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PluginGuard.class);
    private static final int MOST_CALLS = 8;
    private static final int HANGS_UNTIL_QUARANTINE = 3;
    private static final Duration QUARANTINE = Duration.ofSeconds(30);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

    private final String name;
    private final Object plugin;
    private final HyperionClock clock;
    private final MeterRegistry meters;
    private final ThreadPoolExecutor threads;
    private final AtomicInteger hangs = new AtomicInteger();
    private final AtomicLong quarantinedUntil = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);

    private PluginGuard(String name, Object plugin, HyperionClock clock, MeterRegistry meters) {
        this.name = name;
        this.plugin = plugin;
        this.clock = clock;
        this.meters = meters;
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "hyperion-plugin-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        this.threads = new ThreadPoolExecutor(0, MOST_CALLS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    /**
     * Guards a plugin.
     *
     * @param spi its interface
     * @param name its name in configurations
     * @param plugin the plugin
     * @param clock measures deadlines and quarantines
     * @param meters where failures are counted
     * @param <T> its interface
     * @return the same interface, guarded
     */
    public static <T> T around(Class<T> spi, String name, T plugin, HyperionClock clock, MeterRegistry meters) {
        PluginGuard guard = new PluginGuard(name, plugin, clock, meters);
        return spi.cast(Proxy.newProxyInstance(spi.getClassLoader(), new Class<?>[] {spi}, guard));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        Object[] arguments = args == null ? new Object[0] : args;
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "guarded " + plugin;
            };
        }
        Optional<Deadline> deadline = deadline(arguments);
        if (deadline.isEmpty()) {
            Object answer = direct(method, arguments);
            if (method.getName().equals("close")) {
                threads.shutdownNow();
            }
            return guardAnswer(method, answer);
        }
        return within(deadline.get(), method, arguments);
    }

    private static Optional<Deadline> deadline(Object[] arguments) {
        return arguments.length > 0 && arguments[arguments.length - 1] instanceof Deadline deadline
                ? Optional.of(deadline)
                : Optional.empty();
    }

    /** The metrics of a backend or router are that plugin's as well. */
    private @Nullable Object guardAnswer(Method method, @Nullable Object answer) {
        if (method.getName().equals("metrics") && answer instanceof Optional<?> optional) {
            return optional.map(source -> around(MetricSource.class, name, (MetricSource) source, clock, meters));
        }
        return answer;
    }

    private @Nullable Object within(Deadline deadline, Method method, Object[] arguments) {
        String what = name + " " + method.getName();
        if (clock.monotonicNanos() < quarantinedUntil.get()) {
            throw new PluginException(
                    "plugin " + what + " is not called: it hung " + HANGS_UNTIL_QUARANTINE
                            + " times in a row and is left alone for " + QUARANTINE.toSeconds() + " s",
                    true);
        }
        Future<Object> answer;
        try {
            answer = threads.submit(() -> direct(method, arguments));
        } catch (RejectedExecutionException e) {
            throw failure(
                    what,
                    new PluginException(
                            "plugin " + what + " is not called: " + MOST_CALLS + " calls of it are open", true, e));
        }
        try {
            Object value = answer.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            hangs.set(0);
            return value;
        } catch (TimeoutException e) {
            answer.cancel(true);
            if (hangs.incrementAndGet() >= HANGS_UNTIL_QUARANTINE) {
                hangs.set(0);
                quarantinedUntil.set(clock.monotonicNanos() + QUARANTINE.toNanos());
            }
            throw failure(
                    what, new PluginException("plugin " + what + " did not answer in time: " + deadline, true, e));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new PluginException("plugin " + what + " was given up: this process is stopping", true, e);
        } catch (ExecutionException e) {
            hangs.set(0);
            if (e.getCause() instanceof HyperionException told) {
                throw told instanceof PluginException failed ? failure(what, failed) : told;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw failure(what, new PluginException("plugin " + what + " failed: " + e.getCause(), true, e.getCause()));
        }
    }

    private PluginException failure(String what, PluginException failed) {
        MetricCatalogue.PLUGIN_FAILURES.counter(meters, name).increment();
        long now = clock.monotonicNanos();
        long quiet = quietUntil.get();
        if (now >= quiet && quietUntil.compareAndSet(quiet, now + LOG_INTERVAL.toNanos())) {
            LOG.warn("plugin {}: {}", what, failed.getMessage());
        }
        return failed;
    }

    private @Nullable Object direct(Method method, Object[] arguments) throws Exception {
        try {
            return method.invoke(plugin, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
