// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.autoscale.policy.TargetHistory.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long SEED = Long.getLong("hyperion.test.seed", new Random().nextLong());

    private final Random random = new Random(SEED);

    /** Close together, so that many are equal to the nanosecond; also before 1970, and in no order. */
    private Instant anyTime() {
        Instant around = random.nextInt(8) == 0 ? Instant.ofEpochSecond(-3) : NOON;
        return around.plusSeconds(random.nextInt(5)).plusNanos(random.nextInt(3) * 499_999_999L);
    }

    private List<Change> any() {
        List<Change> changes = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            changes.add(new Change(anyTime(), random.nextInt(4) == 0 ? Integer.MAX_VALUE : random.nextInt(20)));
        }
        return changes;
    }

    @Test
    void theySayWhatAListOfThemSays() {
        for (int i = 0; i < 20_000; i++) {
            List<Change> list = any();
            Changes changes = Changes.copyOf(list);
            Instant begin = anyTime();
            List<Integer> younger = list.stream()
                    .filter(each -> each.at().isAfter(begin))
                    .map(Change::replicas)
                    .toList();

            assertThat(changes).as("seed %d", SEED).isEqualTo(list);
            assertThat(list).isEqualTo(changes).hasSameHashCodeAs(changes);
            assertThat(changes.sum(begin))
                    .isEqualTo(younger.stream().mapToInt(each -> each).sum());
            assertThat(changes.largest(7, begin))
                    .isEqualTo(Math.max(
                            7, younger.stream().mapToInt(each -> each).max().orElse(7)));
            assertThat(changes.smallest(7, begin))
                    .isEqualTo(Math.min(
                            7, younger.stream().mapToInt(each -> each).min().orElse(7)));
        }
    }

    @Test
    void oneMoreMakesThoseGoThatAreTooOld() {
        for (int i = 0; i < 20_000; i++) {
            List<Change> list = any();
            Change newest = new Change(anyTime(), random.nextInt(20));
            Duration keep = Duration.ofSeconds(random.nextInt(3));
            List<Change> kept = new ArrayList<>(list);
            kept.removeIf(each -> each.at().isBefore(newest.at().minus(keep)));
            kept.add(newest);

            Changes changes = Changes.copyOf(list);
            assertThat(changes.and(newest, keep)).as("seed %d", SEED).isEqualTo(kept);
            assertThat(changes).isEqualTo(list);
        }
    }

    @Test
    void nobodyChangesThem() {
        List<Change> given = new ArrayList<>(List.of(new Change(NOON, 1)));
        Changes changes = Changes.copyOf(given);
        given.clear();
        assertThat(changes).containsExactly(new Change(NOON, 1));
        assertThat(Changes.copyOf(changes)).isSameAs(changes);
        assertThatThrownBy(() -> changes.add(new Change(NOON, 2))).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> changes.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }
}
