// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> ran = new ArrayList<>();

    @Test
    void tasksRunWhenTheyAreDueInOrder() {
        time.once("b", Duration.ofSeconds(2), () -> ran.add("b at " + time.monotonicNanos() / 1_000_000_000));
        time.every("a", Duration.ofSeconds(1), Duration.ofSeconds(1), () -> ran.add("a"));
        time.advance(Duration.ofMillis(2_500));
        assertThat(ran).containsExactly("a", "b at 2", "a");
    }

    @Test
    void aProcessThatIsKilledRunsNothingMore() {
        VirtualTime.VirtualProcess process = time.process();
        process.every("a", Duration.ZERO, Duration.ofSeconds(1), () -> ran.add("a"));
        time.advance(Duration.ofSeconds(1));
        process.kill();
        process.once("b", Duration.ZERO, () -> ran.add("b"));
        time.advance(Duration.ofSeconds(5));
        assertThat(ran).containsExactly("a", "a");
    }

    @Test
    void theWallClockCanJumpAndMonotonicTimeCannot() {
        Instant before = time.now();
        time.jump(Duration.ofHours(-1));
        assertThat(time.now()).isEqualTo(before.minusSeconds(3_600));
        assertThat(time.monotonicNanos()).isZero();
    }
}
