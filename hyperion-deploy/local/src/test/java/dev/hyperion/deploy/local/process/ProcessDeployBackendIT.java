// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.PluginException;
import dev.hyperion.Version;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.HealthSpec;
import dev.hyperion.deploy.ReplicaPhase;
import dev.hyperion.deploy.ReplicaStatus;
import dev.hyperion.deploy.local.router.TestHouse;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.GroupSpec;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedGroup;
import dev.hyperion.tck.DeployBackendContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessDeployBackendIT {
    private static final GroupId GROUP = new GroupId(new ApplicationId("shop"), new Version("1.0"));
    private static final String MARK = "HYPERION_TEST";

    @TempDir
    private Path temp;

    private TestHouse house;
    private int steps;

    @BeforeEach
    void open() throws IOException {
        house = new TestHouse(Files.createDirectories(temp.resolve("data")));
        Path run = Files.createDirectories(temp.resolve("program/bin")).resolve("run");
        Files.writeString(
                run,
                "#!/bin/sh\nexec " + System.getProperty("java.home") + "/bin/java -Xmx32m -XX:TieredStopAtLevel=1 -cp "
                        + Path.of("target/test-classes").toAbsolutePath() + " " + ReplicaProgram.class.getName()
                        + "\n");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void nothingIsLeftRunning() throws IOException {
        house.close();
        List<Long> left = marked();
        left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        assertThat(left).isEmpty();
    }

    private List<Long> marked() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
                    if (environment.contains(MARK + "=" + temp)) {
                        pids.add(Long.parseLong(process.getFileName().toString()));
                    }
                } catch (IOException e) {
                    continue; // it ended, or is not ours
                }
            }
        }
        return pids;
    }

    private DeployBackend backend(Map<String, String> keys) {
        ProcessDeployBackendProvider provider = new ProcessDeployBackendProvider();
        return provider.create(provider.schema().parse(ConfigNode.Mapping.of(keys), "process"), house);
    }

    private ArtifactRef artifact() {
        return new ArtifactRef(temp.resolve("program").toString(), Optional.empty());
    }

    private GroupSpec spec(DeployBackend backend, List<String> command, Map<String, String> env) {
        Map<String, String> marked = new HashMap<>(env);
        marked.put(MARK, temp.toString());
        return new GroupSpec(
                GROUP,
                backend.prepare(artifact(), house.within(20)),
                command,
                marked,
                new HealthSpec(
                        "/api/health",
                        Duration.ZERO,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3)));
    }

    private Mutation mutation() {
        return new Mutation("plan", "s" + steps++, 1, Optional.empty());
    }

    private Optional<ObservedGroup> group(DeployBackend backend) {
        return backend.observe(GROUP.application(), house.within(10)).group(GROUP.version());
    }

    private List<ReplicaStatus> replicas(DeployBackend backend) {
        return group(backend).map(ObservedGroup::replicas).orElse(List.of());
    }

    private static void until(BooleanSupplier condition) {
        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .until(condition::getAsBoolean);
    }

    private void start(DeployBackend backend, GroupSpec spec, int count) {
        backend.ensure(spec, count, mutation(), house.within(20));
        until(() -> replicas(backend).stream().filter(ReplicaStatus::ready).count() == count);
    }

    private void end(DeployBackend backend) {
        backend.retire(GROUP, mutation(), house.within(20));
        until(() -> {
            try {
                return marked().isEmpty();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        backend.close();
    }

    @Test
    void replicasOutliveTheBackendAndTheNextOneAdoptsThem() {
        DeployBackend first = backend(Map.of());
        start(first, spec(first, List.of(), Map.of()), 2);
        List<String> ids = replicas(first).stream().map(ReplicaStatus::id).toList();
        first.close();
        DeployBackend second = backend(Map.of());
        until(() -> replicas(second).stream().filter(ReplicaStatus::ready).count() == 2);
        assertThat(replicas(second)).extracting(ReplicaStatus::id).containsExactlyElementsOf(ids);
        end(second);
    }

    @Test
    void aReplicaThatIsKilledIsToldAndStartedAnew() throws IOException {
        DeployBackend backend = backend(Map.of());
        start(backend, spec(backend, List.of(), Map.of()), 1);
        String before = replicas(backend).get(0).id();
        marked().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        until(() -> replicas(backend).stream().anyMatch(replica -> replica.phase() == ReplicaPhase.FAILED));
        until(() -> replicas(backend).stream().filter(ReplicaStatus::ready).count() == 1);
        assertThat(replicas(backend).get(0).id()).isNotEqualTo(before);
        assertThat(replicas(backend).get(0).restarts()).isEqualTo(1);
        end(backend);
    }

    @Test
    void aCommandThatEndsAtOnceIsToldWithItsExitCodeAndLastWords() {
        DeployBackend backend = backend(Map.of());
        GroupSpec spec = spec(backend, List.of("/bin/sh", "-c", "echo no database; exit 7"), Map.of());
        backend.ensure(spec, 1, mutation(), house.within(20));
        AtomicReference<ReplicaStatus> seen = new AtomicReference<>(); // it is started anew soon
        until(() -> {
            replicas(backend).stream()
                    .filter(replica -> replica.phase() == ReplicaPhase.FAILED)
                    .forEach(seen::set);
            return seen.get() != null;
        });
        ReplicaStatus failed = seen.get();
        assertThat(failed.exitCode()).hasValue(7);
        assertThat(failed.reason()).isEqualTo("ended by itself with exit code 7");
        assertThat(failed.logTail()).containsExactly("no database");
        end(backend);
    }

    @Test
    void aReplicaThatDoesNotTellItsIdIsKnownByItsSocket() {
        DeployBackend backend = backend(Map.of());
        start(backend, spec(backend, List.of(), Map.of("QUIET", "yes")), 1);
        end(backend);
    }

    @Test
    void aVersionThatRunsKeepsItsCommandAndOneThatWasRetiredMayHaveAnother() {
        DeployBackend backend = backend(Map.of());
        start(backend, spec(backend, List.of(), Map.of()), 1);
        GroupSpec other = spec(backend, List.of(), Map.of("QUIET", "yes"));
        assertThatThrownBy(() -> backend.ensure(other, 1, mutation(), house.within(20)))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("retire it before another artifact, command, environment");
        String before = replicas(backend).get(0).id();
        backend.retire(GROUP, mutation(), house.within(20));
        backend.ensure(other, 1, mutation(), house.within(20));
        until(() -> replicas(backend).stream()
                .filter(ReplicaStatus::ready)
                .anyMatch(replica -> !replica.id().equals(before)));
        end(backend);
    }

    @Test
    void aPortInUseIsPassedOver() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            DeployBackend backend =
                    backend(Map.of("first_port", Integer.toString(port), "last_port", Integer.toString(port + 50)));
            start(backend, spec(backend, List.of(), Map.of()), 1);
            assertThat(replicas(backend).get(0).endpoint().orElseThrow().port()).isNotEqualTo(port);
            end(backend);
        }
    }

    @Test
    void withTooFewPortsAsManyAsThereAreAreStarted() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        DeployBackend backend =
                backend(Map.of("first_port", Integer.toString(port), "last_port", Integer.toString(port)));
        backend.ensure(spec(backend, List.of(), Map.of()), 2, mutation(), house.within(20));
        until(() -> replicas(backend).stream().filter(ReplicaStatus::ready).count() == 1);
        end(backend);
    }

    @Test
    void anEpochThatWasSeenIsRememberedOverARestartAlsoIfItsRequestWasRefused() {
        DeployBackend first = backend(Map.of());
        GroupSpec spec = spec(first, List.of(), Map.of());
        Mutation stale = new Mutation("plan", "stale", 9, Optional.of("another generation"));
        assertThatThrownBy(() -> first.ensure(spec, 1, stale, house.within(20))).isInstanceOf(ConflictException.class);
        first.close();
        DeployBackend second = backend(Map.of());
        Mutation old = new Mutation("plan", "old", 5, Optional.empty());
        assertThatThrownBy(() -> second.ensure(spec, 1, old, house.within(20))).isInstanceOf(FencedException.class);
        second.close();
    }

    @Test
    void aReplicaThatDiesWhileItDrainsDoesNotComeBack() throws IOException {
        DeployBackend backend = backend(Map.of());
        GroupSpec spec = spec(backend, List.of(), Map.of());
        start(backend, spec, 2);
        backend.drain(GROUP, 1, mutation(), house.within(20));
        String draining = replicas(backend).stream()
                .filter(replica -> replica.phase() == ReplicaPhase.DRAINING)
                .findFirst()
                .orElseThrow()
                .id();
        for (long pid : marked()) {
            if (Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1)
                    .contains(draining)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        until(() -> replicas(backend).stream().anyMatch(replica -> replica.phase() == ReplicaPhase.FAILED));
        backend.ensure(spec, 1, mutation(), house.within(20));
        until(() -> replicas(backend).size() == 1);
        assertThat(replicas(backend).get(0).ready()).isTrue();
        end(backend);
    }

    @Test
    void aReplicaWhosePidWasNotNotedIsFoundByItsId() throws IOException {
        DeployBackend first = backend(Map.of());
        start(first, spec(first, List.of(), Map.of()), 1);
        String id = replicas(first).get(0).id();
        first.close();
        forgetPids();
        DeployBackend second = backend(Map.of());
        until(() -> replicas(second).stream().filter(ReplicaStatus::ready).count() == 1);
        assertThat(replicas(second)).extracting(ReplicaStatus::id).containsExactly(id);
        end(second);
    }

    /** As if the operator had been killed after it noted its intent to start and before it noted the pid. */
    private void forgetPids() throws IOException {
        try (Stream<Path> files = Files.walk(temp.resolve("data"))) {
            for (Path file :
                    files.filter(path -> path.endsWith("shop.properties")).toList()) {
                List<String> lines = Files.readAllLines(file);
                assertThat(lines).anyMatch(line -> line.contains(".pid="));
                Files.write(
                        file,
                        lines.stream()
                                .filter(line -> !line.matches(".*\\.(pid|ticks|boot)=.*"))
                                .toList());
            }
        }
    }

    @Test
    void whoDoesNotEndWithinItsGraceIsKilled() {
        DeployBackend backend = backend(Map.of());
        GroupSpec stubborn =
                spec(backend, List.of("/bin/sh", "-c", "trap '' TERM; while true; do sleep 1; done"), Map.of());
        backend.ensure(stubborn, 1, mutation(), house.within(20));
        until(() -> replicas(backend).stream().anyMatch(replica -> replica.phase() == ReplicaPhase.STARTING));
        end(backend);
    }

    @Test
    void aLogDoesNotGrowWithoutEndAndItsNewestLinesStay() throws IOException {
        DeployBackend backend = backend(Map.of("log_bytes", "64KiB"));
        String talkative = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line number $i of many; done; sleep 60";
        GroupSpec spec = spec(backend, List.of("/bin/sh", "-c", talkative), Map.of());
        backend.ensure(spec, 1, mutation(), house.within(20));
        until(() -> logs().stream().anyMatch(log -> log.toString().endsWith(".log.1")));
        until(() -> logs().stream()
                .filter(log -> log.toString().endsWith(".log"))
                .allMatch(log -> log.toFile().length() <= 64 * 1024));
        end(backend);
    }

    private List<Path> logs() {
        try (Stream<Path> files = Files.walk(temp.resolve("data"))) {
            return files.filter(path -> path.toString().contains(".log")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatReplicasUseIsMeasured() {
        DeployBackend backend = backend(Map.of());
        start(backend, spec(backend, List.of(), Map.of()), 1);
        MetricQuery memory = MetricQuery.parse("memory.usage", Duration.ofSeconds(1));
        until(() -> backend.metrics().orElseThrow().query(memory, house.within(5)) instanceof MetricResult.Samples);
        MetricQuery cpu = MetricQuery.parse("cpu.utilization", Duration.ofSeconds(1));
        until(() -> backend.metrics().orElseThrow().query(cpu, house.within(5)) instanceof MetricResult.Samples);
        end(backend);
    }

    @Nested
    class Contract extends DeployBackendContract {
        @Override
        protected DeployBackend backend() {
            return ProcessDeployBackendIT.this.backend(Map.of());
        }

        @Override
        protected ArtifactRef artifact() {
            return ProcessDeployBackendIT.this.artifact();
        }

        @Override
        protected void await(String what, BooleanSupplier condition) {
            until(condition);
        }
    }
}
