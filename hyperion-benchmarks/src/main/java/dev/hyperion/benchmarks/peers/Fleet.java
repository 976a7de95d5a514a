// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import dev.hyperion.monitoring.Distribution;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Replicas of one service and what each has recorded. One in fifty is broken: twenty times slower, and avoided by most of the
 * traffic. Its p99 weighs as much as any other in a mean of p99s, though hardly anybody waits for it.
 *
 * <p>Thread-safety: confined.
 */
public final class Fleet {
    private static final int RECORDS = 2_048;

    private final List<Distribution> distributions = new ArrayList<>();
    private final List<Histogram> histograms = new ArrayList<>();
    private final List<long[]> nanos = new ArrayList<>();

    /**
     * Lets a fleet record.
     *
     * @param replicas how many there are
     */
    public Fleet(int replicas) {
        for (int replica = 0; replica < replicas; replica++) {
            boolean broken = replica % 50 == 0;
            long[] own = Latencies.draw(replica, broken ? RECORDS / 64 : RECORDS);
            Histogram histogram = new Histogram(1_000, 3_600_000_000_000L, 2);
            try (Center center = new Center()) {
                Timer timer = center.monitoring().meters().timer("latency");
                for (int i = 0; i < own.length; i++) {
                    own[i] *= broken ? 20 : 1;
                    timer.record(own[i], TimeUnit.NANOSECONDS);
                    histogram.recordValue(own[i]);
                }
                distributions.add(Center.distribution(timer));
            }
            histograms.add(histogram);
            nanos.add(own);
        }
    }

    /**
     * What each replica's timer tells.
     *
     * @return one per replica
     */
    public List<Distribution> distributions() {
        return distributions;
    }

    /**
     * The same in HdrHistogram's form, two digits over 1 µs to 1 h.
     *
     * @return one per replica
     */
    public List<Histogram> histograms() {
        return histograms;
    }

    /**
     * The whole fleet's exact quantile by the nearest-rank rule.
     *
     * @param quantile 0 to 1
     * @return nanoseconds
     */
    public long exact(double quantile) {
        return exact(nanos.stream().flatMapToLong(Arrays::stream).toArray(), quantile);
    }

    /**
     * The mean of the replicas' exact quantiles, as dashboards show it that have nothing else.
     *
     * @param quantile 0 to 1
     * @return nanoseconds
     */
    public double meanOfExact(double quantile) {
        return nanos.stream().mapToLong(own -> exact(own, quantile)).average().orElseThrow();
    }

    private static long exact(long[] values, double quantile) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(quantile * sorted.length) - 1];
    }
}
