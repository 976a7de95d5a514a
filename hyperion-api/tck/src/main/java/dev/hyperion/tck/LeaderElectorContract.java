// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.spi.LeaderElector;
import dev.hyperion.spi.Leadership;
import dev.hyperion.spi.LeadershipListener;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every {@link LeaderElector} keeps to. Extend it and make electors that compete. */
public abstract class LeaderElectorContract {
    private static final LeadershipListener NOBODY = new LeadershipListener() {
        @Override
        public void acquired(Leadership leadership) {}

        @Override
        public void lost(String why) {}
    };

    /** For subclasses. */
    protected LeaderElectorContract() {}

    /**
     * Makes an elector that competes with every other one of the same test.
     *
     * @return a new elector; the contract closes it
     */
    protected abstract LeaderElector elector();

    /**
     * Lets time pass for the electors.
     *
     * @param time how much
     */
    protected abstract void pass(Duration time);

    /** One leads. */
    @Test
    public void ofTwoExactlyOneLeads() {
        try (LeaderElector one = elector();
                LeaderElector two = elector()) {
            Leadership first = one.campaign("operator", NOBODY);
            Leadership second = two.campaign("operator", NOBODY);
            assertThat(first.held()).isNotEqualTo(second.held());
            Leadership waiting = first.held() ? second : first;
            assertThat(waiting.epoch()).isZero();
            assertThat(waiting.validUntil()).isBefore(Instant.now());
        }
    }

    /** Who follows has a higher epoch. */
    @Test
    public void whoFollowsLeadsWithAHigherEpoch() {
        try (LeaderElector one = elector();
                LeaderElector two = elector()) {
            Leadership first = one.campaign("operator", NOBODY);
            Leadership second = two.campaign("operator", NOBODY);
            long epoch = first.epoch();
            assertThat(epoch).isPositive();
            first.close();
            pass(Duration.ofSeconds(30));
            assertThat(first.held()).isFalse();
            assertThat(first.epoch()).isZero();
            assertThat(second.held()).isTrue();
            assertThat(second.epoch()).isGreaterThan(epoch);
        }
    }

    /** Giving up twice is giving up. */
    @Test
    public void givingUpTwiceIsGivingUpOnce() {
        try (LeaderElector elector = elector()) {
            Leadership leadership = elector.campaign("operator", NOBODY);
            leadership.close();
            leadership.close();
            assertThat(leadership.held()).isFalse();
        }
    }
}
