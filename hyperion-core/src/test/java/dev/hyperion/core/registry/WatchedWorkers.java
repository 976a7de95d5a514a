// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a {@link GaugeReader}, of which a test knows whether any of them still gets anywhere: virtual time that passes
 * while one does would make a busy machine look like a function that hangs.
 */
public final class WatchedWorkers implements Executor {
    private final ExecutorService threads;
    private final AtomicInteger handedIn = new AtomicInteger();
    private final Set<Thread> atWork = ConcurrentHashMap.newKeySet();

    public WatchedWorkers(ExecutorService threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        handedIn.incrementAndGet();
        try {
            threads.execute(() -> {
                atWork.add(Thread.currentThread());
                try {
                    task.run();
                } finally {
                    atWork.remove(Thread.currentThread());
                    handedIn.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            handedIn.decrementAndGet();
            throw e;
        }
    }

    /** Whether everything that was begun waits, as what hangs does; also if nothing was. */
    public boolean allWait() {
        return atWork.size() == handedIn.get()
                && atWork.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING);
    }
}
