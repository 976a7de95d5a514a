// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the server, and the end of clients that hold them. The JDK's server reads each request on one of these
 * threads and waits as long as the client likes. A thread that waits for a client is interrupted when its time is over, and
 * at once if others wait for a thread; that closes its connection, since the server reads from interruptible channels. A
 * thread that works for a client is never interrupted.
 *
 * <p>Thread-safety: thread-safe.
 */
final class ConnectionWatchdog implements Executor, AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);
    /** A client whose request arrives in one piece is through with it by then. */
    private static final Duration LEAST_PATIENCE = Duration.ofMillis(250);

    private final HyperionClock clock;
    private final Duration patience;
    private final ThreadPoolExecutor threads;
    private final TaskScheduler.Task task;
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private static final ThreadLocal<@Nullable Exchange> CURRENT = new ThreadLocal<>();

    /** One request on one thread. */
    private final class Exchange {
        private final Thread thread = Thread.currentThread();
        private boolean waitsForClient = true;
        private boolean over;
        private long since = clock.monotonicNanos();

        synchronized void turn(boolean toClient) {
            waitsForClient = toClient;
            since = clock.monotonicNanos();
        }

        synchronized Duration waited(long now) {
            return waitsForClient && !over ? Duration.ofNanos(now - since) : Duration.ZERO;
        }

        synchronized void end() {
            if (waitsForClient && !over) {
                thread.interrupt();
            }
        }

        /** After this no interrupt of ours can reach the thread, which goes on to serve others. */
        synchronized void close() {
            over = true;
            Thread.interrupted();
        }
    }

    ConnectionWatchdog(int threadCount, Duration patience, HyperionClock clock, TaskScheduler scheduler) {
        this.clock = clock;
        this.patience = patience;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                threadCount, threadCount, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), run -> {
                    Thread thread = new Thread(run, "hyperion-http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        this.task = scheduler.every("http watchdog", LOOK, LOOK, this::look);
    }

    @Override
    public void execute(Runnable request) {
        threads.execute(() -> {
            Exchange exchange = new Exchange();
            CURRENT.set(exchange);
            open.add(exchange);
            try {
                request.run();
            } finally {
                open.remove(exchange);
                CURRENT.remove();
                exchange.close();
            }
        });
    }

    /** The calling thread works now, and does not wait for its client. */
    void working() {
        turn(false);
    }

    /** The calling thread reads from its client or writes to it. */
    void waitingForClient() {
        turn(true);
    }

    private void turn(boolean toClient) {
        Exchange exchange = CURRENT.get();
        if (exchange != null) {
            exchange.turn(toClient);
        }
    }

    private void look() {
        long now = clock.monotonicNanos();
        for (Exchange exchange : open) {
            if (exchange.waited(now).compareTo(patience) > 0) {
                exchange.end();
            }
        }
        if (!threads.getQueue().isEmpty()) {
            Optional<Exchange> slowest = open.stream().max(Comparator.comparing(exchange -> exchange.waited(now)));
            slowest.filter(exchange -> exchange.waited(now).compareTo(LEAST_PATIENCE) > 0)
                    .ifPresent(Exchange::end);
        }
    }

    @Override
    public void close() {
        task.cancel();
        threads.shutdownNow();
    }
}
