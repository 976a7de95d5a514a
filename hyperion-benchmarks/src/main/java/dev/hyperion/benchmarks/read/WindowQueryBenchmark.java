// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.read;

import com.codahale.metrics.ExponentiallyDecayingReservoir;
import com.codahale.metrics.Reservoir;
import com.codahale.metrics.SlidingWindowReservoir;
import com.codahale.metrics.Snapshot;
import dev.hyperion.benchmarks.peers.Center;
import dev.hyperion.benchmarks.peers.Latencies;
import dev.hyperion.benchmarks.peers.RecordPeer;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.Statistic;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What it costs to ask for p50, p95 and p99 of a window that holds 65,536 latencies. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WindowQueryBenchmark {
    private static final double[] QUANTILES = {0.5, 0.95, 0.99};
    private static final List<Statistic> STATISTICS = List.of(Statistic.P50, Statistic.P95, Statistic.P99);

    /** A minute of Hyperion, ticking each second, with the window of the last 60 s. */
    @State(Scope.Benchmark)
    public static class HyperionWindow {
        private final MonitoringCenter center;
        private final MetricQuery query = MetricQuery.parse("latency", Duration.ofSeconds(60));

        /** Records a minute, evenly. */
        public HyperionWindow() {
            Center own = new Center();
            center = own.monitoring();
            Timer timer = center.meters().timer("latency");
            Latencies latencies = new Latencies();
            center.query(query); // who asks is served from then on
            for (int second = 0; second < 64; second++) {
                for (int i = 0; i < Latencies.SIZE / 64; i++) {
                    timer.record(latencies.next(), TimeUnit.NANOSECONDS);
                }
                own.tick();
            }
        }
    }

    /** Micrometer's timer with percentiles; its window rotates on the clock. */
    @State(Scope.Benchmark)
    public static class MicrometerWindow {
        private final Timer timer =
                RecordPeer.percentiles(Timer.builder("latency")).register(new SimpleMeterRegistry());

        /** Fills it; before each iteration, since it forgets. */
        @Setup(org.openjdk.jmh.annotations.Level.Iteration)
        public void fill() {
            Latencies latencies = new Latencies();
            for (int i = 0; i < Latencies.SIZE; i++) {
                timer.record(latencies.next(), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Dropwizard's reservoirs. */
    @State(Scope.Benchmark)
    public static class DropwizardWindows {
        private final Reservoir decaying = filled(new ExponentiallyDecayingReservoir());
        private final Reservoir sliding = filled(new SlidingWindowReservoir(1_028));

        private static Reservoir filled(Reservoir reservoir) {
            Latencies latencies = new Latencies();
            for (int i = 0; i < Latencies.SIZE; i++) {
                reservoir.update(latencies.next());
            }
            return reservoir;
        }
    }

    /** HdrHistogram's recorder with a window beside it, to which the newest interval is added. */
    @State(Scope.Benchmark)
    public static class HdrWindow {
        private final Recorder recorder = new Recorder(1_000, 3_600_000_000_000L, 2);
        private final Histogram window;
        private Histogram interval;

        /** Fills the window. */
        public HdrWindow() {
            Latencies latencies = new Latencies();
            for (int i = 0; i < Latencies.SIZE; i++) {
                recorder.recordValue(latencies.next());
            }
            window = recorder.getIntervalHistogram().copy();
            interval = recorder.getIntervalHistogram();
        }
    }

    /** The floor: somebody has sorted them already. */
    @State(Scope.Benchmark)
    public static class Sorted {
        private final long[] nanos = Latencies.draw(20_260_101L, Latencies.SIZE);

        /** Sorts. */
        public Sorted() {
            Arrays.sort(nanos);
        }
    }

    /** Three look-ups in a sorted array. */
    @Benchmark
    public void sortedArray(Sorted sorted, Blackhole hole) {
        for (double quantile : QUANTILES) {
            hole.consume(sorted.nanos[(int) Math.ceil(quantile * sorted.nanos.length) - 1]);
        }
    }

    /** One question for three statistics to the monitoring center. */
    @Benchmark
    public void hyperion(HyperionWindow window, Blackhole hole) {
        hole.consume(window.center.query(window.query, STATISTICS));
    }

    /** One snapshot, which holds the three. */
    @Benchmark
    public void micrometer(MicrometerWindow window, Blackhole hole) {
        hole.consume(window.timer.takeSnapshot().percentileValues());
    }

    /** One snapshot of the decaying reservoir, asked three times. */
    @Benchmark
    public void dropwizardDecaying(DropwizardWindows windows, Blackhole hole) {
        ask(windows.decaying.getSnapshot(), hole);
    }

    /** One snapshot of the last 1,028 records, asked three times. */
    @Benchmark
    public void dropwizardSliding(DropwizardWindows windows, Blackhole hole) {
        ask(windows.sliding.getSnapshot(), hole);
    }

    private static void ask(Snapshot snapshot, Blackhole hole) {
        for (double quantile : QUANTILES) {
            hole.consume(snapshot.getValue(quantile));
        }
    }

    /** The newest interval, recycled and added to the window, which is asked three times. */
    @Benchmark
    public void hdrRecorder(HdrWindow hdr, Blackhole hole) {
        hdr.interval = hdr.recorder.getIntervalHistogram(hdr.interval);
        hdr.window.add(hdr.interval);
        for (double quantile : QUANTILES) {
            hole.consume(hdr.window.getValueAtPercentile(quantile * 100));
        }
    }
}
