// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.Deadline;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthFinding;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A check that is right, and the contract against checks that are each wrong in one way. */
class HealthCheckContractTest extends HealthCheckContract {
    private volatile boolean gone;
    private volatile boolean hangs;

    private HealthFinding right(Deadline deadline) throws InterruptedException {
        if (hangs) {
            new CountDownLatch(1).await();
        }
        return gone ? HealthFinding.down("it is gone") : HealthFinding.up();
    }

    @Override
    protected HealthCheck check() {
        return this::right;
    }

    @Override
    protected void takeAway() {
        gone = true;
    }

    @Override
    protected boolean hang() {
        hangs = true;
        return true;
    }

    private HealthCheckContract of(HealthCheck wrong) {
        return new HealthCheckContract() {
            @Override
            protected HealthCheck check() {
                return wrong;
            }

            @Override
            protected void takeAway() {
                gone = true;
            }

            @Override
            protected boolean hang() {
                hangs = true;
                return true;
            }
        };
    }

    @Test
    void aCheckThatFindsEverythingDownIsCaught() {
        assertThatThrownBy(of(deadline -> HealthFinding.down("always"))::whatIsWellIsNotFoundDown)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aCheckThatAnswersNothingIsCaught() {
        assertThatThrownBy(of(deadline -> null)::whatIsWellIsNotFoundDown)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the finding");
    }

    @Test
    void aCheckThatOnlyWorksOnceIsCaught() {
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(
                        of(deadline -> looks.incrementAndGet() > 10 ? HealthFinding.down("used up") : right(deadline))
                                ::lookingAgainFindsTheSame)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aCheckThatDoesNotLookIsCaught() {
        assertThatThrownBy(of(deadline -> HealthFinding.up())::whatIsGoneIsFoundDownWithAReason)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aCheckThatSaysDownAndNotWhyIsCaught() {
        assertThatThrownBy(
                        of(deadline -> gone ? HealthFinding.down("") : HealthFinding.up())
                                ::whatIsGoneIsFoundDownWithAReason)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the reason");
    }

    @Test
    void aCheckThatCannotBeInterruptedIsCaught() {
        CountDownLatch end = new CountDownLatch(1);
        try {
            assertThatThrownBy(of(deadline -> {
                        while (end.getCount() > 0) {
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                // the mistake that is to be caught
                            }
                        }
                        return HealthFinding.up();
                    })::aCheckThatWaitsEndsWhenItIsInterrupted)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("still runs after the interrupt");
        } finally {
            end.countDown();
        }
    }
}
