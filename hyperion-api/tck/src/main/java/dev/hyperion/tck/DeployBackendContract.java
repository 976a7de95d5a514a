// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.Deadline;
import dev.hyperion.FencedException;
import dev.hyperion.HyperionClock;
import dev.hyperion.PluginException;
import dev.hyperion.Version;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.HealthSpec;
import dev.hyperion.deploy.ReplicaPhase;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.GroupSpec;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedApplication;
import dev.hyperion.spi.ObservedGroup;
import dev.hyperion.spi.PreparedArtifact;
import dev.hyperion.spi.RouteTarget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What every {@link DeployBackend} that tells endpoints keeps to. Extend it, make a backend and name an artifact. */
public abstract class DeployBackendContract {
    private static final GroupId GROUP = new GroupId(new ApplicationId("shop"), new Version("1.0"));

    /** For subclasses. */
    protected DeployBackendContract() {}

    /**
     * Makes a backend without replicas.
     *
     * @return a backend that nobody else uses; the contract retires what it starts and closes it
     */
    protected abstract DeployBackend backend();

    /**
     * An artifact whose replicas become ready.
     *
     * @return the artifact
     */
    protected abstract ArtifactRef artifact();

    /**
     * Waits until something is so, letting the backend work meanwhile.
     *
     * @param what what is waited for
     * @param condition whether it is so
     */
    protected abstract void await(String what, BooleanSupplier condition);

    private static Deadline deadline() {
        return Deadline.in(HyperionClock.system(), Duration.ofSeconds(30));
    }

    private static Mutation mutation(String step, long epoch) {
        return new Mutation("plan", step, epoch, Optional.empty());
    }

    private GroupSpec spec(DeployBackend backend) {
        PreparedArtifact prepared = backend.prepare(artifact(), deadline());
        return new GroupSpec(
                GROUP,
                prepared,
                List.of(),
                Map.of(),
                new HealthSpec(
                        "/api/health",
                        Duration.ZERO,
                        Duration.ofMillis(200),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)));
    }

    private static ObservedApplication observe(DeployBackend backend) {
        return backend.observe(GROUP.application(), deadline());
    }

    private static Optional<ObservedGroup> group(DeployBackend backend) {
        return observe(backend).group(GROUP.version());
    }

    private static int targets(DeployBackend backend) {
        return group(backend)
                .map(group -> ((RouteTarget.Endpoints) group.target()).all().size())
                .orElse(0);
    }

    private void end(DeployBackend backend, long epoch) {
        backend.retire(GROUP, mutation("end", epoch), deadline());
        await("no replicas", () -> group(backend).isEmpty());
        backend.close();
    }

    /** What was asked for comes about, and only what is ready is a target. */
    @Test
    public void replicasThatWereAskedForBecomeReadyAndAreTargets() {
        DeployBackend backend = backend();
        GroupSpec spec = spec(backend);
        backend.ensure(spec, 2, mutation("1", 1), deadline());
        assertThat(group(backend).orElseThrow().desiredReplicas()).isEqualTo(2);
        await("two targets", () -> targets(backend) == 2);
        assertThat(group(backend).orElseThrow().readyReplicas()).isEqualTo(2);
        end(backend, 1);
    }

    /** Asking again for what is there changes nothing. */
    @Test
    public void askingForWhatIsThereChangesNothing() {
        DeployBackend backend = backend();
        GroupSpec spec = spec(backend);
        backend.ensure(spec, 1, mutation("1", 1), deadline());
        await("a target", () -> targets(backend) == 1);
        List<String> before = ids(backend);
        Applied again = backend.ensure(spec, 1, mutation("2", 1), deadline());
        assertThat(again.changed()).isFalse();
        assertThat(ids(backend)).isEqualTo(before);
        end(backend, 1);
    }

    private static List<String> ids(DeployBackend backend) {
        return group(backend).orElseThrow().replicas().stream()
                .map(replica -> replica.id())
                .toList();
    }

    /** What drains is no target and goes on running; then it is what ends. */
    @Test
    public void whatDrainsIsNoTargetGoesOnRunningAndEndsFirst() {
        DeployBackend backend = backend();
        if (backend.capabilities().drainsByItself()) {
            backend.close();
            return;
        }
        GroupSpec spec = spec(backend);
        backend.ensure(spec, 2, mutation("1", 1), deadline());
        await("two targets", () -> targets(backend) == 2);
        backend.drain(GROUP, 1, mutation("2", 1), deadline());
        assertThat(targets(backend)).isEqualTo(1);
        List<String> draining = group(backend).orElseThrow().replicas().stream()
                .filter(replica -> replica.phase() == ReplicaPhase.DRAINING)
                .map(replica -> replica.id())
                .toList();
        assertThat(draining).hasSize(1);
        backend.ensure(spec, 1, mutation("3", 1), deadline());
        await("one replica", () -> ids(backend).size() == 1);
        assertThat(ids(backend)).doesNotContainAnyElementsOf(draining);
        end(backend, 1);
    }

    /** An old leader is fenced. */
    @Test
    public void aLowerEpochIsFencedAndNothingChanges() {
        DeployBackend backend = backend();
        GroupSpec spec = spec(backend);
        backend.ensure(spec, 1, mutation("1", 5), deadline());
        assertThatThrownBy(() -> backend.ensure(spec, 3, mutation("2", 4), deadline()))
                .isInstanceOf(FencedException.class);
        assertThat(group(backend).orElseThrow().desiredReplicas()).isEqualTo(1);
        end(backend, 5);
    }

    /** Whoever has not seen the newest change is told. */
    @Test
    public void anotherGenerationThanExpectedConflictsAndNothingChanges() {
        DeployBackend backend = backend();
        GroupSpec spec = spec(backend);
        String before = observe(backend).generation();
        backend.ensure(spec, 1, mutation("1", 1), deadline());
        Mutation late = new Mutation("plan", "2", 1, Optional.of(before));
        assertThatThrownBy(() -> backend.ensure(spec, 3, late, deadline())).isInstanceOf(ConflictException.class);
        assertThat(group(backend).orElseThrow().desiredReplicas()).isEqualTo(1);
        end(backend, 1);
    }

    /** The same request again is the same request. */
    @Test
    public void theSameRequestAgainGivesTheSameAnswer() {
        DeployBackend backend = backend();
        GroupSpec spec = spec(backend);
        Mutation mutation =
                new Mutation("plan", "1", 1, Optional.of(observe(backend).generation()));
        Applied first = backend.ensure(spec, 1, mutation, deadline());
        Applied again = backend.ensure(spec, 1, mutation, deadline());
        assertThat(again.generation()).isEqualTo(first.generation());
        end(backend, 1);
    }

    /** An artifact with another digest is refused. */
    @Test
    public void anArtifactWithAnotherDigestIsRefused() {
        DeployBackend backend = backend();
        ArtifactRef wrong = new ArtifactRef(artifact().path(), Optional.of("0".repeat(64)));
        assertThatThrownBy(() -> backend.prepare(wrong, deadline()))
                .isInstanceOf(PluginException.class)
                .satisfies(e -> assertThat(((PluginException) e).retryable()).isFalse());
        backend.close();
    }

    /** Retiring what is not there is done already. */
    @Test
    public void retiringWhatIsNotThereIsDoneAlready() {
        DeployBackend backend = backend();
        assertThat(backend.retire(GROUP, mutation("1", 1), deadline()).changed())
                .isFalse();
        backend.close();
    }
}
