// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.deploy.local.os.DetachedProcess;
import dev.hyperion.deploy.local.os.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Sees to it that one application's router runs: adopts the one that is there, starts one where there is none.
 *
 * <p>At most one router lives in a home: the router itself holds a lock on its folder, so even two operators that both found
 * none end up with one.
 *
 * <p>Thread-safety: thread-safe.
 */
final class RouterKeeper {
    private static final long LOOK_AGAIN_MILLIS = 20;
    /** The router's exit code when another one lives in its folder. */
    private static final int OCCUPIED = 3;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(32);

    private final ApplicationId application;
    private final RouterHome home;
    private final RouterSettings settings;
    private final AdminClient client;
    private final HyperionClock clock;
    private final Logger log;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable FoundRouter known;
    private @Nullable Process starting;
    private Duration pause = FIRST_PAUSE;
    private volatile long restartNotBeforeNanos;

    RouterKeeper(
            ApplicationId application, RouterSettings settings, AdminClient client, HyperionClock clock, Logger log) {
        this.application = application;
        this.home = new RouterHome(settings.stateFolder().resolve(application.value()));
        this.settings = settings;
        this.client = client;
        this.clock = clock;
        this.restartNotBeforeNanos = clock.monotonicNanos();
        this.log = log;
    }

    /** Where clients connect, or will: 0 if that shows only when the first router starts. */
    int trafficPort() {
        FoundRouter router = known;
        return router == null ? settings.portOf(application) : router.trafficPort();
    }

    /** Whether it is to be started in the background: it does not live, and not even its last start was a moment ago. */
    boolean wantsToBeStarted() {
        FoundRouter router = known;
        boolean lives = router != null && router.process().lives();
        return !lives && clock.monotonicNanos() - restartNotBeforeNanos >= 0;
    }

    /**
     * Asks the router; starts it first if it does not live. If it dies while it is asked, its successor is asked once: every
     * question of ours may be asked twice.
     */
    AdminClient.Answer ask(String method, String path, String body, Deadline deadline) {
        FoundRouter router = running(deadline);
        try {
            return askOnce(router, method, path, body, deadline);
        } catch (IOException e) {
            if (router.process().lives()) {
                throw new PluginException(this + " does not answer: " + e + "; see " + home.log(), true, e);
            }
        }
        try {
            return askOnce(running(deadline), method, path, body, deadline);
        } catch (IOException e) {
            throw new PluginException(this + " does not answer: " + e + "; see " + home.log(), true, e);
        }
    }

    /** Asks without starting anything: whoever only wants to know figures does not change the machine. */
    AdminClient.Answer askLiving(String path, Deadline deadline) {
        try {
            FoundRouter router = known;
            if (router == null) {
                Optional<FoundRouter> last = home.lastRouter();
                if (last.isEmpty() || !last.get().process().lives()) {
                    throw new PluginException(this + " does not run; it is being started", true);
                }
                router = running(deadline);
            }
            return askOnce(router, "GET", path, "", deadline);
        } catch (IOException e) {
            throw new PluginException(this + " does not answer: " + e, true, e);
        }
    }

    private AdminClient.Answer askOnce(FoundRouter router, String method, String path, String body, Deadline deadline)
            throws IOException {
        try {
            return client.ask(router, home.token(), method, path, body, deadline);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The router that serves now, adopted or started. */
    FoundRouter running(Deadline deadline) {
        FoundRouter router = known;
        if (router != null && router.process().lives()) {
            return router;
        }
        try {
            if (!lock.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PluginException(this + " is still being started; try again later", true);
            }
            try {
                return adoptOrStart(deadline);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (IOException e) {
            throw new PluginException(this + " cannot be found or started: " + e, true, e);
        }
    }

    private FoundRouter adoptOrStart(Deadline deadline) throws IOException, InterruptedException {
        Optional<FoundRouter> last = home.lastRouter();
        if (last.isPresent() && last.get().process().lives()) {
            return adopt(last.get(), deadline);
        }
        if (starting == null || !starting.isAlive()) {
            last.ifPresent(dead -> log.warn(
                    "{} with pid {} is dead and is started again",
                    this,
                    dead.process().pid()));
            // One that cannot start, say for want of its port, is tried less and less often while nobody asks.
            restartNotBeforeNanos = clock.monotonicNanos() + pause.toNanos();
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            int port = settings.portOf(application);
            starting =
                    start(port != 0 ? port : last.map(FoundRouter::trafficPort).orElse(0));
        }
        return awaitStart(starting, deadline);
    }

    private FoundRouter adopt(FoundRouter found, Deadline deadline) throws IOException, InterruptedException {
        if (found.equals(known)) {
            return found;
        }
        if (found.protocol() != FoundRouter.PROTOCOL) {
            throw new PluginException(
                    this + " (pid " + found.process().pid() + ") is of another release of Hyperion, with protocol "
                            + found.protocol() + " instead of " + FoundRouter.PROTOCOL
                            + "; stop it, it is started anew",
                    false);
        }
        AdminClient.Answer answer = client.ask(found, home.token(), "GET", "/table", "", deadline);
        if (answer.status() != 200 || !answer.body().at("startId").text().equals(found.startId())) {
            throw new PluginException(
                    "admin port " + found.adminPort() + " is not that of " + this + " (pid "
                            + found.process().pid() + "); stop whatever answers there",
                    true);
        }
        known = found;
        pause = FIRST_PAUSE;
        log.info(
                "{} serves on port {}, pid {}",
                this,
                found.trafficPort(),
                found.process().pid());
        return found;
    }

    private Process start(int trafficPort) throws IOException {
        home.prepare();
        Path jar = RouterJar.in(settings.stateFolder());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // it starts in half a second and is busy with sockets, not with computing
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmx" + settings.heapBytes(),
                "-jar",
                jar.toString()));
        command.addAll(List.of(
                "--state-dir",
                home.folder().toString(),
                "--token-file",
                home.tokenFile().toString()));
        command.addAll(List.of("--traffic-host", settings.host(), "--traffic-port", Integer.toString(trafficPort)));
        command.addAll(List.of("--admin-port", Integer.toString(settings.adminPort())));
        command.addAll(List.of("--request-timeout-ms", millis(settings.requestTimeout())));
        command.addAll(List.of("--connect-timeout-ms", millis(settings.connectTimeout())));
        command.addAll(List.of("--drain-timeout-ms", millis(settings.drainTimeout())));
        return DetachedProcess.start(command, Map.of(), home.folder(), home.log());
    }

    private static String millis(Duration duration) {
        return Long.toString(Math.min(Integer.MAX_VALUE, Math.max(1, duration.toMillis())));
    }

    private FoundRouter awaitStart(Process process, Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            Optional<FoundRouter> found = home.lastRouter()
                    .filter(router -> router.process().pid() == process.pid()
                            && router.process().lives());
            if (found.isPresent()) {
                starting = null;
                return adopt(found.get(), deadline);
            }
            if (process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                starting = null;
                if (process.exitValue() == OCCUPIED) {
                    return awaitTheOther(deadline);
                }
                throw new PluginException(
                        this + " ended at once with exit code " + process.exitValue() + ": " + home.lastWords(), true);
            }
            deadline.check("starting " + this);
        }
    }

    /** Somebody else's router took the home first, say that of an operator that was killed while it started it. */
    private FoundRouter awaitTheOther(Deadline deadline) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            Optional<FoundRouter> found =
                    home.lastRouter().filter(router -> router.process().lives());
            if (found.isPresent()) {
                return adopt(found.get(), deadline);
            }
            deadline.check("waiting for the " + this + " that another operator started");
            never.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the router in order, at the latest when the drain time is over. */
    void stop(Deadline deadline) {
        FoundRouter router = known;
        if (router == null || !router.process().lives()) {
            return;
        }
        try {
            askOnce(router, "POST", "/stop", "", deadline);
            awaitEnd(router.process(), deadline);
        } catch (IOException | HyperionException e) {
            log.warn("{} did not take the request to stop: {}", this, e.getMessage());
        }
        if (router.process().lives()) {
            log.warn("{} did not stop in time and is killed", this);
            ProcessHandle.of(router.process().pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private void awaitEnd(ProcessIdentity process, Deadline deadline) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
        while (handle.isPresent() && process.lives() && !deadline.expired()) {
            try {
                // Never completes for one that became a zombie, so it is looked at again and again.
                handle.get().onExit().get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                log.trace("{} still lives", this);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private PluginException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new PluginException("waiting for " + this + " was interrupted; try again later", true, cause);
    }

    @Override
    public String toString() {
        return "router of " + application;
    }
}
