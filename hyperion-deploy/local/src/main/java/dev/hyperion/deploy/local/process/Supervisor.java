// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.deploy.local.os.ProcessIdentity;
import dev.hyperion.spi.PluginContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Brings about what should be: starts what is missing, asks what runs whether it is ready, ends what is too much, and starts
 * anew what ended by itself, less and less often. All under the backend's lock, one short look at a time.
 */
final class Supervisor {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration CPU_LOOK = Duration.ofSeconds(1);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;
    /** A replica that ran for so long has shown that it can; its next end is a new story. */
    private static final Duration PROVEN = Duration.ofMinutes(5);

    private final Object lock;
    private final Map<ApplicationId, Records.Application> applications;
    private final ReplicaFiles files;
    private final ReplicaProcess processes;
    private final ProcessSettings settings;
    private final PluginContext context;
    private final Prober prober;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean closed;
    private long cpuLookNanos;
    private boolean outOfPorts;
    private TaskScheduler.@Nullable Task task;

    Supervisor(
            Object lock,
            Map<ApplicationId, Records.Application> applications,
            ReplicaFiles files,
            ReplicaProcess processes,
            ProcessSettings settings,
            PluginContext context) {
        this.lock = lock;
        this.applications = applications;
        this.files = files;
        this.processes = processes;
        this.settings = settings;
        this.context = context;
        this.prober = new Prober(settings.probeTimeout());
    }

    void start() {
        synchronized (lock) {
            long now = now();
            eachReplica((group, replica) -> {
                replica.startedNanos = now;
                replica.nextProbeNanos = now;
                replica.killAtNanos = now + group.health().stopGrace().toNanos();
                replica.restartAtNanos = now + backoff(replica.restarts);
                if (replica.process == null && !replica.ended) {
                    // its start was noted and its pid was not: it may run all the same
                    replica.process = ReplicaProcess.find(replica.id).orElse(null);
                }
            });
        }
        task = context.scheduler().every("process backend", LOOK, LOOK, this::lookSoon);
    }

    void close() {
        closed = true;
        TaskScheduler.Task running = task;
        if (running != null) {
            running.cancel();
        }
    }

    private long now() {
        return context.clock().monotonicNanos();
    }

    /** What is done to a replica of a group. */
    private interface Visit {
        void to(Records.Group group, Records.Replica replica);
    }

    private void eachReplica(Visit visit) {
        applications
                .values()
                .forEach(application -> application
                        .groups
                        .values()
                        .forEach(group -> List.copyOf(group.replicas).forEach(replica -> visit.to(group, replica))));
    }

    /** Looks on a thread that may block. */
    void lookSoon() {
        if (closed || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            context.executor().execute(() -> {
                try {
                    look();
                } catch (HyperionException e) {
                    context.logger().warn("process backend: {}", e.getMessage());
                } finally {
                    looking.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            looking.set(false); // the next look comes soon
        }
    }

    private void look() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            long now = now();
            lookAtCpu(now);
            for (Records.Application application : applications.values()) {
                boolean changed = false;
                for (Records.Group group : application.groups.values()) {
                    changed |= look(group, now);
                }
                changed |= application.groups.values().removeIf(group -> group.retired && group.replicas.isEmpty());
                if (changed) {
                    files.write(application);
                }
                application.groups.values().forEach(group -> startMissing(application, group, now));
            }
        }
    }

    private void lookAtCpu(long now) {
        if (now - cpuLookNanos < CPU_LOOK.toNanos() && cpuLookNanos != 0) {
            return;
        }
        cpuLookNanos = now;
        ProcTable table = ProcTable.read();
        eachReplica((group, replica) -> {
            ProcessIdentity process = replica.process;
            if (process != null && !replica.ended) {
                replica.cpu.look(table.ticks(process.pid()), now, settings.cpus());
                processes.bound(replica.id, settings.logBytes());
            }
        });
    }

    /** True if something is to be remembered. */
    private boolean look(Records.Group group, long now) {
        boolean changed = false;
        for (Records.Replica replica : List.copyOf(group.replicas)) {
            ProcessIdentity process = replica.process;
            boolean lives = process != null && process.lives();
            if (replica.stopping) {
                if (!lives) {
                    ReplicaProcess.killLeftovers(replica, ProcTable.read());
                    group.replicas.remove(replica);
                    forget(replica);
                    changed = true;
                } else if (!replica.told) {
                    replica.told = true;
                    ReplicaProcess.signal(replica, "TERM");
                } else if (now - replica.killAtNanos >= 0 && !replica.killed) {
                    replica.killed = true;
                    ReplicaProcess.signal(replica, "KILL");
                }
            } else if (replica.ended) {
                // one that was on its way out stays out: whoever drained it says next how many there shall be
                if (now - replica.restartAtNanos >= 0 && !replica.draining) {
                    changed |= replace(group, replica, now);
                }
            } else if (process != null && !lives) {
                end(replica, now);
                changed = true;
            } else if (process != null) {
                probe(group, replica, now);
            }
        }
        return changed;
    }

    private void end(Records.Replica replica, long now) {
        ReplicaProcess.killLeftovers(replica, ProcTable.read());
        replica.ended = true;
        replica.ready = false;
        replica.exitCode = processes.exitCode(replica.id);
        boolean proven = now - replica.startedNanos > PROVEN.toNanos();
        long wait = backoff(proven ? 0 : replica.restarts);
        replica.restartAtNanos = now + wait;
        context.logger()
                .warn(
                        "replica {} ended by itself{}; it is started anew in {} s",
                        replica.id,
                        replica.exitCode.isPresent() ? " with exit code " + replica.exitCode.getAsInt() : "",
                        Duration.ofNanos(wait).toSeconds());
    }

    private static long backoff(int restarts) {
        return FIRST_BACKOFF.toNanos() * (1L << Math.min(MOST_DOUBLINGS, restarts));
    }

    /** Another replica in the place of one that ended; later, if there is no port for it. */
    private boolean replace(Records.Group group, Records.Replica ended, long now) {
        boolean wanted = group.replicas.size() <= group.desired;
        OptionalInt port = wanted ? leasePort() : OptionalInt.empty();
        if (wanted && port.isEmpty()) {
            ended.restartAtNanos = now + FIRST_BACKOFF.toNanos();
            return false;
        }
        group.replicas.remove(ended);
        forget(ended);
        port.ifPresent(free -> group.replicas.add(fresh(free, ended.restarts + 1)));
        return true;
    }

    private void forget(Records.Replica replica) {
        Set<String> present = new HashSet<>();
        eachReplica((group, each) -> present.add(each.id));
        processes.forget(replica.id, present);
    }

    private void probe(Records.Group group, Records.Replica replica, long now) {
        ProcessIdentity process = replica.process;
        if (replica.probing || now - replica.nextProbeNanos < 0 || process == null) {
            return;
        }
        replica.probing = true;
        CompletableFuture<Void> unused = prober.ask(
                        replica.id, replica.port, group.health().path(), process)
                .thenAccept(answer -> {
                    synchronized (lock) {
                        replica.probing = false;
                        replica.ready = answer.isEmpty();
                        replica.wasReady |= replica.ready;
                        replica.notReadyBecause = answer.orElse("");
                        replica.nextProbeNanos =
                                now() + group.health().interval().toNanos();
                    }
                });
    }

    /** Begins to end what is more than should be: first what failed, what drains and what is not ready. */
    boolean stopSurplus(Records.Group group) {
        List<Records.Replica> staying = new ArrayList<>(
                group.replicas.stream().filter(replica -> !replica.stopping).toList());
        staying.sort(Comparator.comparing((Records.Replica replica) -> replica.ended)
                .thenComparing(replica -> replica.draining)
                .thenComparing(replica -> !replica.ready)
                .thenComparing(replica -> replica.startedAt));
        boolean changed = false;
        for (int i = group.desired; i < staying.size(); i++) {
            Records.Replica replica = staying.get(i);
            replica.stopping = true;
            replica.ready = false;
            replica.killAtNanos = now() + group.health().stopGrace().toNanos();
            changed = true; // it is told at the next look, once this is on disk
        }
        return changed;
    }

    private Records.Replica fresh(int port, int restarts) {
        Records.Replica replica = new Records.Replica(
                "i-" + UUID.randomUUID().toString().substring(0, 13),
                port,
                context.clock().now(),
                restarts);
        replica.startedNanos = now();
        return replica;
    }

    private void startMissing(Records.Application application, Records.Group group, long now) {
        long staying =
                group.replicas.stream().filter(replica -> !replica.stopping).count();
        List<Records.Replica> toStart = new ArrayList<>(group.replicas.stream()
                .filter(replica -> replica.process == null && !replica.stopping && !replica.ended)
                .toList());
        for (long i = staying; i < group.desired && !group.retired; i++) {
            OptionalInt port = leasePort();
            if (port.isEmpty()) {
                break; // those that have a port are started; the next look tries again
            }
            Records.Replica replica = fresh(port.getAsInt(), 0);
            group.replicas.add(replica);
            toStart.add(replica);
        }
        if (toStart.isEmpty()) {
            return;
        }
        files.write(application); // the intent: whoever comes after a crash knows the ids to look for
        for (Records.Replica replica : toStart) {
            replica.nextProbeNanos = now + group.health().initialDelay().toNanos();
            try {
                replica.process = processes.start(group.spec, replica);
            } catch (HyperionException e) {
                replica.notReadyBecause = String.valueOf(e.getMessage());
                end(replica, now);
            }
        }
        files.write(application);
    }

    /** A port that no replica has and that nobody listens on; empty, and told once, if there is none. */
    private OptionalInt leasePort() {
        Set<Integer> taken = new HashSet<>();
        eachReplica((group, replica) -> taken.add(replica.port));
        for (int port = settings.firstPort(); port <= settings.lastPort(); port++) {
            if (!taken.contains(port) && isFree(port)) {
                outOfPorts = false;
                return OptionalInt.of(port);
            }
        }
        if (!outOfPorts) {
            outOfPorts = true;
            context.logger()
                    .warn(
                            "no port from {} to {} is free for another replica; widen plugins.process.first_port and"
                                    + " last_port",
                            settings.firstPort(),
                            settings.lastPort());
        }
        return OptionalInt.empty();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
