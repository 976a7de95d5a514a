// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.monitoring.MeterSpec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientCountersTest {
    private static final MeterSpec REFUSED =
            new MeterSpec("refused", MeterSpec.Kind.COUNTER, "", List.of("client"), "For tests.");
    private static final int PLACES = 20;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final ClientCounters counters = new ClientCounters(meters, REFUSED, PLACES);

    private Collection<Counter> all() {
        return meters.find("refused").counters();
    }

    private double of(String client) {
        Counter counter = meters.find("refused").tag("client", client).counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void eachClientHasACounterOfItsOwnWhileThereIsRoom() {
        counters.count("10.0.0.1");
        counters.count("10.0.0.2");
        counters.count("10.0.0.2");

        assertThat(of("10.0.0.1")).isEqualTo(1);
        assertThat(of("10.0.0.2")).isEqualTo(2);
    }

    @Test
    void whoComesOftenIsCountedHoweverManyOthersComeOnceAndNothingIsLost() {
        long seed = 20_261_125L;
        Random random = new Random(seed);
        int events = 50_000;
        int heavy = 0;
        for (int i = 0; i < events; i++) {
            if (random.nextInt(10) == 0) { // one in ten of all: more than one in twenty places
                counters.count("10.9.9.9");
                heavy++;
            } else {
                counters.count("10.1." + random.nextInt(256) + "." + random.nextInt(256));
            }
        }

        assertThat(all()).as("seed %d", seed).hasSizeLessThanOrEqualTo(PLACES + 1);
        assertThat(all().stream().mapToDouble(Counter::count).sum()).isEqualTo(events);
        // it may have been put out at the very beginning, when ranks were low, and not after
        assertThat(of("10.9.9.9")).as("of %d", heavy).isBetween(heavy * 0.95, (double) heavy);
    }

    @Test
    void noPlacesIsRefused() {
        assertThatThrownBy(() -> new ClientCounters(meters, REFUSED, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 places");
    }
}
