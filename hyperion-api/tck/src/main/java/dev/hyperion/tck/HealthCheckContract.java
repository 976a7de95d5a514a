// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What every {@link HealthCheck} keeps to. Extend it, make a check of something that is well, and take that thing away. */
public abstract class HealthCheckContract {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** For subclasses. */
    protected HealthCheckContract() {}

    /**
     * Makes a check of something that is well.
     *
     * @return a new check
     */
    protected abstract HealthCheck check();

    /** Takes away what the last check looks at. */
    protected abstract void takeAway();

    /**
     * Makes what the last check looks at hang instead of answering.
     *
     * @return false if that cannot be done; then it is not tested whether the check can be interrupted
     */
    protected boolean hang() {
        return false;
    }

    private static HealthFinding once(HealthCheck check) throws Exception {
        Deadline deadline = Deadline.in(HyperionClock.system(), DEADLINE);
        HealthFinding finding = check.check(deadline);
        assertThat(deadline.remaining()).as("what is left of the deadline").isPositive();
        assertThat(finding).as("the finding").isNotNull();
        return finding;
    }

    /**
     * What is well is found well, within the deadline.
     *
     * @throws Exception if the check throws
     */
    @Test
    public void whatIsWellIsNotFoundDown() throws Exception {
        assertThat(once(check()).status()).isNotEqualTo(HealthStatus.DOWN);
    }

    /**
     * Looking changes nothing: the second look finds what the first one did.
     *
     * @throws Exception if the check throws
     */
    @Test
    public void lookingAgainFindsTheSame() throws Exception {
        HealthCheck check = check();
        HealthFinding first = once(check);
        for (int i = 0; i < 20; i++) {
            assertThat(once(check).status()).isEqualTo(first.status());
        }
    }

    /** What is gone is down, by a finding or by throwing, and people are told why. */
    @Test
    public void whatIsGoneIsFoundDownWithAReason() {
        HealthCheck check = check();
        takeAway();
        HealthStatus status = HealthStatus.DOWN;
        String reason;
        try {
            HealthFinding finding = once(check);
            status = finding.status();
            reason = finding.detail();
        } catch (Exception e) {
            // throwing counts as down, with the message as the reason
            reason = String.valueOf(e.getMessage());
        }
        assertThat(status).isEqualTo(HealthStatus.DOWN);
        assertThat(reason).as("the reason").isNotBlank().isNotEqualTo("null");
    }

    /**
     * A check that waits ends when it is interrupted, as it is at its deadline.
     *
     * @throws InterruptedException if the test is interrupted
     */
    @Test
    public void aCheckThatWaitsEndsWhenItIsInterrupted() throws InterruptedException {
        HealthCheck check = check();
        assumeTrue(hang(), "what the check looks at cannot be made to hang");
        CountDownLatch started = new CountDownLatch(1);
        AtomicReference<Object> end = new AtomicReference<>("no end");
        Thread looking = new Thread(() -> {
            started.countDown();
            try {
                end.set(String.valueOf(check.check(Deadline.in(HyperionClock.system(), DEADLINE))));
            } catch (Exception e) {
                // the end that it should come to
                end.set(e);
            }
        });
        looking.setDaemon(true);
        looking.start();
        assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
        looking.join(100);
        assertThat(looking.isAlive()).as("hangs until it is interrupted").isTrue();
        looking.interrupt();
        looking.join(DEADLINE.toMillis());
        assertThat(looking.isAlive()).as("still runs after the interrupt").isFalse();
        assertThat(end.get()).isNotEqualTo("no end");
    }
}
