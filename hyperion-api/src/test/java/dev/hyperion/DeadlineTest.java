// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private long nanos = Long.MAX_VALUE - 5; // a monotonic clock may wrap

    private final Deadline deadline = Deadline.in(
            new HyperionClock() {
                @Override
                public Instant now() {
                    return Instant.EPOCH;
                }

                @Override
                public long monotonicNanos() {
                    return nanos;
                }
            },
            Duration.ofMillis(20));

    @Test
    void theTimeLeftShrinksAndNeverGoesBelowZero() {
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(20));
        nanos += 15_000_000;
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(5));
        assertThat(deadline.expired()).isFalse();
        nanos += 6_000_000;
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.expired()).isTrue();
    }

    @Test
    void whoChecksAfterItGivesUpWithTheWorkAndTheBudgetNamed() {
        assertThatCode(() -> deadline.check("waiting")).doesNotThrowAnyException();
        nanos += 20_000_000;
        assertThatThrownBy(() -> deadline.check("waiting for the router"))
                .isInstanceOf(PluginException.class)
                .hasMessage("waiting for the router took longer than 20 ms; try again later");
    }
}
