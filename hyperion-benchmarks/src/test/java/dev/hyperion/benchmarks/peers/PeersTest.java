// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.benchmarks.record.CountBenchmark;
import dev.hyperion.benchmarks.record.RecordLatencyBenchmark;
import dev.hyperion.benchmarks.record.TagLookupBenchmark;
import dev.hyperion.monitoring.Distribution;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

class PeersTest {
    @Test
    void everyPeerHasItsMethodAndEveryMethodItsPeer() {
        assertThat(methods(RecordLatencyBenchmark.class))
                .isEqualTo(Arrays.stream(RecordPeer.values())
                        .map(RecordPeer::method)
                        .collect(Collectors.toSet()));
        assertThat(methods(CountBenchmark.class))
                .isEqualTo(
                        Arrays.stream(CountPeer.values()).map(CountPeer::method).collect(Collectors.toSet()));
        assertThat(methods(TagLookupBenchmark.class))
                .isEqualTo(Arrays.stream(TagPeer.values()).map(TagPeer::method).collect(Collectors.toSet()));
    }

    private static Set<String> methods(Class<?> benchmark) {
        return Arrays.stream(benchmark.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .collect(Collectors.toSet());
    }

    @Test
    void everyPeerGetsTheSameLatencies() {
        assertThat(Latencies.draw(1, 1_000)).isEqualTo(Latencies.draw(1, 1_000)).isNotEqualTo(Latencies.draw(2, 1_000));
    }

    @Test
    void aMergedFleetTellsItsP99WithinOnePercentAndTheMeanOfP99sDoesNot() {
        Fleet fleet = new Fleet(100);

        Distribution all = Distribution.merge(fleet.distributions());

        double exact = fleet.exact(0.99) / 1e9;
        assertThat(all.quantile(0.99)).isBetween(exact * 0.99, exact * 1.01);
        assertThat(fleet.meanOfExact(0.99) / 1e9).isGreaterThan(exact * 1.1);
    }
}
