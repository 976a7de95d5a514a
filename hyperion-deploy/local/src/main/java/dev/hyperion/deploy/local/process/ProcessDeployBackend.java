// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.Deadline;
import dev.hyperion.FencedException;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.deploy.ReplicaPhase;
import dev.hyperion.deploy.ReplicaStatus;
import dev.hyperion.deploy.local.artifact.ArchiveLimits;
import dev.hyperion.deploy.local.artifact.ArtifactKeeper;
import dev.hyperion.deploy.local.os.ProcessIdentity;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.BackendCapabilities;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.GroupSpec;
import dev.hyperion.spi.MetricSource;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedApplication;
import dev.hyperion.spi.ObservedGroup;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.PreparedArtifact;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.TargetKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Runs replicas as processes of this machine. What should be is on disk before anything is started or ended; the supervisor
 * brings it about. Replicas outlive this process, and the next one with the same data folder adopts them.
 *
 * <p>Thread-safety: thread-safe.
 */
final class ProcessDeployBackend implements DeployBackend {
    private final PluginContext context;
    private final ArtifactKeeper artifacts;
    private final ReplicaFiles files;
    private final Map<ApplicationId, Records.Application> applications = new TreeMap<>();
    private final ReplicaProcess processes;
    private final Supervisor supervisor;
    private final ProcessMetricSource metrics;

    ProcessDeployBackend(ProcessSettings settings, PluginContext context) {
        this.context = context;
        this.artifacts = new ArtifactKeeper(
                context.dataFolder().resolve("artifacts"),
                new ArchiveLimits(settings.archiveEntries(), settings.archiveBytes()));
        try {
            this.files = new ReplicaFiles(context.dataFolder().resolve("applications"));
            this.processes = new ReplicaProcess(context.dataFolder().resolve("replicas"));
            files.readAll().forEach(application -> applications.put(application.id, application));
        } catch (IOException e) {
            throw new HyperionException("data folder " + context.dataFolder() + " cannot be used: " + e);
        }
        this.supervisor = new Supervisor(this, applications, files, processes, settings, context);
        this.metrics = new ProcessMetricSource(this, context.clock());
        supervisor.start();
    }

    @Override
    public BackendCapabilities capabilities() {
        return new BackendCapabilities(Set.of(TargetKind.ENDPOINTS), false);
    }

    @Override
    public PreparedArtifact prepare(ArtifactRef artifact, Deadline deadline) {
        return artifacts.prepare(artifact, deadline);
    }

    @Override
    public synchronized ObservedApplication observe(ApplicationId id, Deadline deadline) {
        Records.Application application = applications.get(id);
        if (application == null) {
            return new ObservedApplication(id, List.of(), "0", context.clock().now());
        }
        List<ObservedGroup> groups = application.groups.values().stream()
                .filter(group -> !group.retired || !group.replicas.isEmpty())
                .map(this::observe)
                .toList();
        return new ObservedApplication(
                id,
                groups,
                Long.toString(application.generation),
                context.clock().now());
    }

    private ObservedGroup observe(Records.Group group) {
        List<ReplicaStatus> replicas = new ArrayList<>();
        List<Endpoint> ready = new ArrayList<>();
        for (Records.Replica replica : group.replicas) {
            ReplicaStatus status = status(replica);
            replicas.add(status);
            if (status.ready()) {
                status.endpoint().ifPresent(ready::add);
            }
        }
        return new ObservedGroup(
                group.id(), group.spec.artifact().digest(), group.desired, replicas, new RouteTarget.Endpoints(ready));
    }

    private ReplicaStatus status(Records.Replica replica) {
        ReplicaPhase phase = phase(replica);
        boolean failed = phase == ReplicaPhase.FAILED;
        String reason = failed
                ? "ended by itself"
                        + (replica.exitCode.isPresent() ? " with exit code " + replica.exitCode.getAsInt() : "")
                : replica.ready ? "" : replica.notReadyBecause;
        return new ReplicaStatus(
                replica.id,
                phase,
                Optional.of(new Endpoint("127.0.0.1", replica.port)),
                replica.startedAt,
                replica.restarts,
                reason,
                replica.exitCode,
                failed ? processes.logTail(replica.id) : List.of());
    }

    private static ReplicaPhase phase(Records.Replica replica) {
        if (replica.stopping) {
            return ReplicaPhase.STOPPING;
        }
        if (replica.ended) {
            return ReplicaPhase.FAILED;
        }
        if (replica.draining) {
            return ReplicaPhase.DRAINING;
        }
        if (replica.ready) {
            return ReplicaPhase.READY;
        }
        return replica.wasReady ? ReplicaPhase.NOT_READY : ReplicaPhase.STARTING;
    }

    @Override
    public synchronized Applied ensure(GroupSpec spec, int replicas, Mutation mutation, Deadline deadline) {
        if (replicas < 0) {
            throw new PluginException(replicas + " replicas of " + spec.id() + " cannot be; expected 0 or more", false);
        }
        return change(spec.id().application(), mutation, application -> {
            Records.Group group = application.groups.computeIfAbsent(spec.id().version(), v -> new Records.Group(spec));
            if (!sameReplicas(group.spec, spec)) {
                if (!group.retired) {
                    throw new PluginException(
                            "group " + spec.id() + " runs the artifact "
                                    + group.spec.artifact().digest() + " with " + group.spec.command()
                                    + "; retire it before another artifact, command, environment or health check is"
                                    + " deployed under its version",
                            false);
                }
                group = group.with(spec);
                application.groups.put(spec.id().version(), group);
            }
            boolean changed = group.desired != replicas || group.retired;
            group.desired = replicas;
            group.retired = false;
            changed |= supervisor.stopSurplus(group);
            return changed;
        });
    }

    /** Whether replicas of one would be replicas of the other. */
    private static boolean sameReplicas(GroupSpec one, GroupSpec other) {
        return one.artifact().digest().equals(other.artifact().digest())
                && one.command().equals(other.command())
                && one.env().equals(other.env())
                && one.health().equals(other.health());
    }

    @Override
    public synchronized Applied drain(GroupId id, int keep, Mutation mutation, Deadline deadline) {
        return change(id.application(), mutation, application -> {
            Records.Group group = application.groups.get(id.version());
            if (group == null) {
                return false;
            }
            List<Records.Replica> serving = new ArrayList<>(group.replicas.stream()
                    .filter(replica -> !replica.stopping && !replica.ended)
                    .toList());
            // those that drain already go first, then those that are not ready, then the youngest
            serving.sort(Comparator.comparing((Records.Replica replica) -> replica.draining)
                    .thenComparing(replica -> !replica.ready)
                    .thenComparing(replica -> replica.startedAt));
            boolean changed = false;
            for (int i = 0; i < serving.size(); i++) {
                changed |= serving.get(i).draining != (i >= keep);
                serving.get(i).draining = i >= keep;
            }
            return changed;
        });
    }

    @Override
    public synchronized Applied retire(GroupId id, Mutation mutation, Deadline deadline) {
        return change(id.application(), mutation, application -> {
            Records.Group group = application.groups.get(id.version());
            if (group == null || group.retired) {
                return false;
            }
            group.desired = 0;
            group.retired = true;
            supervisor.stopSurplus(group);
            return true;
        });
    }

    /** Carries out a change if epoch and generation allow it; on disk before anything is started or ended. */
    private Applied change(ApplicationId id, Mutation mutation, Predicate<Records.Application> change) {
        Records.Application application = applications.computeIfAbsent(id, Records.Application::new);
        if (mutation.epoch() < application.epoch) {
            throw new FencedException("backend of " + id, mutation.epoch(), application.epoch);
        }
        if (mutation.epoch() > application.epoch) {
            application.epoch = mutation.epoch();
            files.write(application); // also if the request is refused below: an older leader must not come back
        }
        String request = mutation.planId() + " " + mutation.stepId();
        if (application.lastRequest.equals(request)) {
            return application.lastAnswer();
        }
        String generation = Long.toString(application.generation);
        if (mutation.expectedGeneration()
                .filter(expected -> !expected.equals(generation))
                .isPresent()) {
            throw new ConflictException(
                    "backend of " + id, mutation.expectedGeneration().get(), generation);
        }
        boolean changed = change.test(application);
        application.generation += changed ? 1 : 0;
        application.lastRequest = request;
        application.lastChanged = changed;
        files.write(application);
        supervisor.lookSoon();
        return application.lastAnswer();
    }

    @Override
    public Optional<MetricSource> metrics() {
        return Optional.of(metrics);
    }

    /** For the metric source: what each replica uses. */
    synchronized List<ProcessMetricSource.Use> uses() {
        List<ProcessMetricSource.Use> uses = new ArrayList<>();
        ProcTable table = ProcTable.read();
        applications
                .values()
                .forEach(application -> application
                        .groups
                        .values()
                        .forEach(group -> group.replicas.stream()
                                .filter(replica -> !replica.ended)
                                .forEach(replica -> {
                                    ProcessIdentity process = replica.process;
                                    if (process != null) {
                                        uses.add(new ProcessMetricSource.Use(
                                                group.id(),
                                                replica.id,
                                                replica.ready,
                                                replica.startedAt,
                                                replica.cpu.utilization(),
                                                table.residentBytes(process.pid())));
                                    }
                                })));
        return uses;
    }

    @Override
    public void close() {
        supervisor.close();
    }
}
