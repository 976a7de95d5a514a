// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.spi.ClientAddress;
import dev.hyperion.spi.ClientBlocker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What every {@link ClientBlocker} keeps to. Extend it and make a blocker. */
public abstract class ClientBlockerContract {
    private static final ClientAddress CLIENT = new ClientAddress("192.0.2.7");

    /** For subclasses. */
    protected ClientBlockerContract() {}

    /**
     * Makes a blocker that keeps nobody out.
     *
     * @return a blocker; the contract closes it
     */
    protected abstract ClientBlocker blocker();

    /**
     * Lets time pass for the blocker.
     *
     * @param time how much
     */
    protected abstract void pass(Duration time);

    /** A block ends by itself. */
    @Test
    public void aBlockEndsByItself() {
        try (ClientBlocker blocker = blocker()) {
            blocker.block(CLIENT, Duration.ofMinutes(1), "too many wrong keys");
            assertThat(blocker.blocks()).singleElement().satisfies(block -> {
                assertThat(block.address()).isEqualTo(CLIENT);
                assertThat(block.why()).isEqualTo("too many wrong keys");
            });
            pass(Duration.ofSeconds(61));
            assertThat(blocker.blocks()).isEmpty();
        }
    }

    /** The later end counts. */
    @Test
    public void ofTwoBlocksTheLaterEndCounts() {
        try (ClientBlocker blocker = blocker()) {
            blocker.block(CLIENT, Duration.ofMinutes(10), "first");
            blocker.block(CLIENT, Duration.ofMinutes(1), "second");
            pass(Duration.ofMinutes(5));
            assertThat(blocker.blocks()).hasSize(1);
        }
    }

    /** A client can be let in again. */
    @Test
    public void aClientCanBeLetInAgain() {
        try (ClientBlocker blocker = blocker()) {
            blocker.block(CLIENT, Duration.ofMinutes(1), "by mistake");
            blocker.unblock(CLIENT);
            assertThat(blocker.blocks()).isEmpty();
        }
    }
}
