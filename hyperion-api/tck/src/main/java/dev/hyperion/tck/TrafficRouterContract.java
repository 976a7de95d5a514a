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
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedRoute;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.Weighted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link TrafficRouter} that takes endpoints keeps to. Extend it and make a router. */
public abstract class TrafficRouterContract {
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final Version OLD = new Version("1.0");
    private static final Version NEW = new Version("2.0");
    private static final Weighted EVERYTHING = weighted(10_000, 18_101);

    /** For subclasses. */
    protected TrafficRouterContract() {}

    /**
     * Makes a router without tables.
     *
     * @return a router that nobody else uses; the contract closes it
     */
    protected abstract TrafficRouter router();

    private static Weighted weighted(int weight, int port) {
        return new Weighted(weight, new RouteTarget.Endpoints(List.of(new Endpoint("127.0.0.1", port))));
    }

    private static Deadline deadline() {
        return Deadline.in(HyperionClock.system(), Duration.ofSeconds(20));
    }

    private static Mutation mutation(String step, long epoch, Optional<String> generation) {
        return new Mutation("plan", step, epoch, generation);
    }

    private static Applied apply(TrafficRouter router, String step, long epoch, Map<Version, Weighted> table) {
        return router.apply(SHOP, table, mutation(step, epoch, Optional.empty()), deadline());
    }

    private static int share(ObservedRoute route, Version version) {
        ObservedRoute.Share share = route.versions().get(version);
        return share == null ? 0 : share.wanted();
    }

    /** A table that was accepted is observed. */
    @Test
    public void aTableThatWasAcceptedIsObservedAsAWhole() {
        try (TrafficRouter router = router()) {
            Applied applied = apply(router, "1", 1, Map.of(OLD, weighted(9_000, 18_101), NEW, weighted(1_000, 18_102)));
            ObservedRoute route = router.observe(SHOP, deadline());
            assertThat(share(route, OLD)).isEqualTo(9_000);
            assertThat(share(route, NEW)).isEqualTo(1_000);
            assertThat(route.generation()).isEqualTo(applied.generation());
            apply(router, "2", 1, Map.of(NEW, EVERYTHING));
            ObservedRoute then = router.observe(SHOP, deadline());
            assertThat(share(then, OLD)).isZero();
            assertThat(share(then, NEW)).isEqualTo(10_000);
        }
    }

    /** Shares that do not make a whole are refused. */
    @Test
    public void sharesThatDoNotSumToTheWholeAreRefusedAndNothingChanges() {
        try (TrafficRouter router = router()) {
            apply(router, "1", 1, Map.of(OLD, EVERYTHING));
            assertThatThrownBy(() -> apply(router, "2", 1, Map.of(NEW, weighted(9_999, 18_102))))
                    .isInstanceOf(PluginException.class);
            assertThat(share(router.observe(SHOP, deadline()), OLD)).isEqualTo(10_000);
        }
    }

    /** An old leader is fenced. */
    @Test
    public void aLowerEpochIsFencedAndNothingChanges() {
        try (TrafficRouter router = router()) {
            apply(router, "1", 7, Map.of(OLD, EVERYTHING));
            assertThatThrownBy(() -> apply(router, "2", 6, Map.of(NEW, EVERYTHING)))
                    .isInstanceOf(FencedException.class);
            assertThat(share(router.observe(SHOP, deadline()), OLD)).isEqualTo(10_000);
        }
    }

    /** Whoever has not seen the newest table is told. */
    @Test
    public void anotherGenerationThanExpectedConflictsAndNothingChanges() {
        try (TrafficRouter router = router()) {
            Applied first = apply(router, "1", 1, Map.of(OLD, EVERYTHING));
            apply(router, "2", 1, Map.of(OLD, weighted(5_000, 18_101), NEW, weighted(5_000, 18_102)));
            Mutation late = mutation("3", 1, Optional.of(first.generation()));
            assertThatThrownBy(() -> router.apply(SHOP, Map.of(NEW, EVERYTHING), late, deadline()))
                    .isInstanceOf(ConflictException.class);
            assertThat(share(router.observe(SHOP, deadline()), OLD)).isEqualTo(5_000);
        }
    }

    /** The same request again is the same request. */
    @Test
    public void theSameRequestAgainGivesTheSameAnswer() {
        try (TrafficRouter router = router()) {
            String before = router.observe(SHOP, deadline()).generation();
            Mutation mutation = mutation("1", 1, Optional.of(before));
            Applied first = router.apply(SHOP, Map.of(OLD, EVERYTHING), mutation, deadline());
            Applied again = router.apply(SHOP, Map.of(OLD, EVERYTHING), mutation, deadline());
            assertThat(again.generation()).isEqualTo(first.generation());
        }
    }
}
