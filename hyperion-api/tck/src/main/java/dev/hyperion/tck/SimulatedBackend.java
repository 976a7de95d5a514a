// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.PluginException;
import dev.hyperion.Version;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.deploy.ReplicaPhase;
import dev.hyperion.deploy.ReplicaStatus;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.BackendCapabilities;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.GroupSpec;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedApplication;
import dev.hyperion.spi.ObservedGroup;
import dev.hyperion.spi.PreparedArtifact;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.TargetKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A backend whose replicas exist in memory. It stands for the world outside, so it lives on when the engine that uses it is
 * killed; {@link #close} does nothing.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class SimulatedBackend implements DeployBackend {
    private final HyperionClock clock;
    private final Faults faults = new Faults("backend");
    private final Map<ApplicationId, FencedState> states = new HashMap<>();
    private final Map<GroupId, Group> groups = new LinkedHashMap<>();
    private final Set<Version> neverReady = new HashSet<>();
    private final Set<Version> crashing = new HashSet<>();
    private final Set<String> missing = new HashSet<>();
    private final Map<String, String> contents = new HashMap<>();
    private Duration startTime = Duration.ofSeconds(2);
    private boolean drainsByItself;
    private int nextPort = 20_000;
    private int nextReplica = 1;

    private static final class Group {
        private final GroupSpec spec;
        private int desired;
        private final List<Replica> replicas = new ArrayList<>();

        Group(GroupSpec spec) {
            this.spec = spec;
        }
    }

    private static final class Replica {
        private final String id;
        private final Endpoint endpoint;
        private final Instant startedAt;
        private final long startedNanos;
        private boolean draining;

        Replica(String id, Endpoint endpoint, Instant startedAt, long startedNanos) {
            this.id = id;
            this.endpoint = endpoint;
            this.startedAt = startedAt;
            this.startedNanos = startedNanos;
        }
    }

    /**
     * A backend without replicas.
     *
     * @param clock decides when replicas become ready
     */
    public SimulatedBackend(HyperionClock clock) {
        this.clock = clock;
    }

    /**
     * What is to go wrong.
     *
     * @return faults of {@code prepare observe ensure drain retire}
     */
    public Faults faults() {
        return faults;
    }

    /**
     * Sets how long a replica takes to become ready.
     *
     * @param time two seconds if not set
     */
    public synchronized void startTime(Duration time) {
        this.startTime = time;
    }

    /**
     * Makes the replicas of a version start and never become ready.
     *
     * @param version which
     */
    public synchronized void neverReady(Version version) {
        neverReady.add(version);
    }

    /**
     * Makes the replicas of a version end by themselves with exit code 3.
     *
     * @param version which
     */
    public synchronized void crashing(Version version) {
        crashing.add(version);
    }

    /**
     * Makes an artifact unobtainable.
     *
     * @param path its path
     */
    public synchronized void missing(String path) {
        missing.add(path);
    }

    /**
     * Changes what is at a path, and so its digest.
     *
     * @param path its path
     * @param content anything
     */
    public synchronized void content(String path, String content) {
        contents.put(path, content);
    }

    /** Makes the backend drain by itself, as a cluster does. */
    public synchronized void drainsByItself() {
        drainsByItself = true;
    }

    /**
     * Kills one replica of a group; the backend starts another one in its place.
     *
     * @param id which group
     */
    public synchronized void killOne(GroupId id) {
        Group group = groups.get(id);
        if (group != null && !group.replicas.isEmpty()) {
            group.replicas.remove(0);
            fill(group);
        }
    }

    /**
     * Changes something behind the back of the engine.
     *
     * @param application whose
     */
    public synchronized void disturb(ApplicationId application) {
        state(application).disturb();
    }

    private FencedState state(ApplicationId application) {
        return states.computeIfAbsent(application, a -> new FencedState("backend of " + a));
    }

    @Override
    public synchronized BackendCapabilities capabilities() {
        return new BackendCapabilities(Set.of(TargetKind.ENDPOINTS), drainsByItself);
    }

    @Override
    public PreparedArtifact prepare(ArtifactRef artifact, Deadline deadline) {
        return faults.around("prepare", () -> fetch(artifact));
    }

    private synchronized PreparedArtifact fetch(ArtifactRef artifact) {
        if (missing.contains(artifact.path())) {
            throw new PluginException("artifact " + artifact.path() + " is not there; build or copy it first", false);
        }
        String digest = digest(contents.getOrDefault(artifact.path(), artifact.path()));
        if (artifact.sha256().filter(wanted -> !wanted.equals(digest)).isPresent()) {
            throw new PluginException(
                    "artifact " + artifact.path() + " has the digest " + digest + ", not "
                            + artifact.sha256().get() + " as the plan says; it was changed",
                    false);
        }
        return new PreparedArtifact(digest, "memory:" + digest, artifact.path());
    }

    private static String digest(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public ObservedApplication observe(ApplicationId application, Deadline deadline) {
        return faults.around("observe", () -> look(application));
    }

    /**
     * What there is, for assertions: never fails.
     *
     * @param application whose
     * @return groups and replicas
     */
    public synchronized ObservedApplication look(ApplicationId application) {
        List<ObservedGroup> seen = groups.values().stream()
                .filter(group -> group.spec.id().application().equals(application))
                .map(this::look)
                .toList();
        return new ObservedApplication(application, seen, state(application).generation(), clock.now());
    }

    private ObservedGroup look(Group group) {
        List<ReplicaStatus> replicas =
                group.replicas.stream().map(replica -> look(group, replica)).toList();
        List<Endpoint> ready = replicas.stream()
                .filter(ReplicaStatus::ready)
                .flatMap(replica -> replica.endpoint().stream())
                .toList();
        return new ObservedGroup(
                group.spec.id(),
                group.spec.artifact().digest(),
                group.desired,
                replicas,
                new RouteTarget.Endpoints(ready));
    }

    private ReplicaStatus look(Group group, Replica replica) {
        Version version = group.spec.id().version();
        boolean up = clock.monotonicNanos() - replica.startedNanos >= startTime.toNanos();
        if (crashing.contains(version)) {
            return new ReplicaStatus(
                    replica.id,
                    ReplicaPhase.FAILED,
                    Optional.empty(),
                    replica.startedAt,
                    1,
                    "ended by itself with exit code 3",
                    OptionalInt.of(3),
                    List.of("simulated: cannot open the database"));
        }
        ReplicaPhase phase = !up || neverReady.contains(version) ? ReplicaPhase.STARTING : ReplicaPhase.READY;
        phase = replica.draining ? ReplicaPhase.DRAINING : phase;
        return new ReplicaStatus(
                replica.id,
                phase,
                Optional.of(replica.endpoint),
                replica.startedAt,
                0,
                phase == ReplicaPhase.READY ? "" : "simulated: " + phase.word(),
                OptionalInt.empty(),
                List.of());
    }

    @Override
    public Applied ensure(GroupSpec spec, int replicas, Mutation mutation, Deadline deadline) {
        return faults.around("ensure", () -> bring(spec, replicas, mutation));
    }

    private synchronized Applied bring(GroupSpec spec, int replicas, Mutation mutation) {
        return state(spec.id().application()).apply(mutation, () -> {
            Group group = groups.computeIfAbsent(spec.id(), id -> new Group(spec));
            if (!group.spec.artifact().digest().equals(spec.artifact().digest())) {
                throw new PluginException(
                        "group " + spec.id() + " runs another artifact; deploy it under another version", false);
            }
            int before = group.replicas.size();
            boolean same = group.desired == replicas && before == replicas;
            group.desired = replicas;
            group.replicas.sort(Comparator.comparing((Replica replica) -> replica.draining));
            while (group.replicas.size() > replicas) {
                group.replicas.remove(group.replicas.size() - 1);
            }
            fill(group);
            return !same;
        });
    }

    private void fill(Group group) {
        while (group.replicas.size() < group.desired) {
            group.replicas.add(new Replica(
                    "r" + nextReplica++, new Endpoint("127.0.0.1", nextPort++), clock.now(), clock.monotonicNanos()));
        }
    }

    @Override
    public Applied drain(GroupId id, int keep, Mutation mutation, Deadline deadline) {
        return faults.around("drain", () -> takeOut(id, keep, mutation));
    }

    private synchronized Applied takeOut(GroupId id, int keep, Mutation mutation) {
        return state(id.application()).apply(mutation, () -> {
            Group group = groups.get(id);
            if (group == null) {
                return false;
            }
            boolean changed = false;
            for (int i = 0; i < group.replicas.size(); i++) {
                Replica replica = group.replicas.get(i);
                changed |= replica.draining != (i >= keep);
                replica.draining = i >= keep;
            }
            return changed;
        });
    }

    @Override
    public Applied retire(GroupId id, Mutation mutation, Deadline deadline) {
        return faults.around("retire", () -> end(id, mutation));
    }

    private synchronized Applied end(GroupId id, Mutation mutation) {
        return state(id.application()).apply(mutation, () -> groups.remove(id) != null);
    }

    @Override
    public void close() {}
}
