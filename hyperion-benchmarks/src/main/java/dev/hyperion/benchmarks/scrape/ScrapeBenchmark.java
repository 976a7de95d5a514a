// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.scrape;

import com.sun.management.ThreadMXBean;
import dev.hyperion.benchmarks.peers.Center;
import dev.hyperion.benchmarks.peers.Latencies;
import dev.hyperion.benchmarks.peers.RecordPeer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What one scrape of 10,000 percentile timers costs: from the meters to Prometheus text, written into a stream that throws
 * it away. Each timer holds 100 latencies. Between two scrapes of Hyperion a second goes by, in which none, a tenth or all of
 * the timers record once more; the others have no such distinction, and all of theirs record.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ScrapeBenchmark {
    /** Writes all meters of a registry. */
    @FunctionalInterface
    interface Scrape {
        void to(OutputStream out) throws IOException;
    }

    /** What is scraped. */
    @State(Scope.Benchmark)
    public static class Scraped {
        @Param("10000")
        private int timers;

        private final List<LongConsumer> recorders = new ArrayList<>();
        private final Latencies latencies = new Latencies();
        private Scrape scrape = out -> {};
        private Runnable between = () -> {};
        private int changing;

        /**
         * Makes the timers of the peer that the method is named after.
         *
         * @param benchmark which method
         * @throws IOException never: what is written to does not fail
         */
        @Setup
        public void open(BenchmarkParams benchmark) throws IOException {
            String method = benchmark.getBenchmark().replaceAll(".*\\.", "");
            changing = timers;
            switch (method) {
                case "micrometerPrometheus" -> micrometer(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
                case "clientJavaSummary" -> clientJava(RecordPeer.clientJavaSummary());
                case "clientJavaHistogram" ->
                    clientJava(Histogram.builder()
                            .name("latency")
                            .labelNames("series")
                            .build());
                default -> {
                    hyperion();
                    changing =
                            method.endsWith("AllChanged") ? timers : method.endsWith("TenthChanged") ? timers / 10 : 0;
                }
            }
            for (int i = 0; i < 100; i++) {
                recorders.forEach(recorder -> recorder.accept(latencies.next()));
            }
            for (int second = 0; second < 90; second++) { // so that the idle are idle in the window, too
                between.run();
            }
            if (method.equals("bytes")) {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                scrape.to(text);
                byte[] bytes = text.toByteArray();
                scrape = out -> out.write(bytes.clone());
            }
        }

        private void hyperion() {
            Center center = new Center();
            fill(center.monitoring().meters(), false);
            scrape = center::scrape;
            between = center::tick;
        }

        private void micrometer(PrometheusMeterRegistry registry) {
            fill(registry, true);
            scrape = registry::scrape;
        }

        private void fill(MeterRegistry registry, boolean percentiles) {
            for (int i = 0; i < timers; i++) {
                Timer.Builder builder = Timer.builder("latency").tag("series", Integer.toString(i));
                Timer timer = (percentiles ? RecordPeer.percentiles(builder) : builder).register(registry);
                recorders.add(nanos -> timer.record(nanos, TimeUnit.NANOSECONDS));
            }
        }

        private <M extends StatefulMetric<? extends DistributionDataPoint, ?> & Collector> void clientJava(M metric) {
            PrometheusRegistry registry = new PrometheusRegistry();
            registry.register(metric);
            for (int i = 0; i < timers; i++) {
                DistributionDataPoint point = metric.labelValues(Integer.toString(i));
                recorders.add(nanos -> point.observe(nanos / 1e9));
            }
            PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
            scrape = out -> writer.write(out, registry.scrape());
        }

        /** Lets a second go by. */
        @Setup(Level.Invocation)
        public void change() {
            for (int i = 0; i < changing; i++) {
                recorders.get(i).accept(latencies.next());
            }
            between.run();
        }
    }

    /**
     * What the scraping thread has allocated, without what happens between scrapes: divide the one by the other.
     *
     * <p>Thread-safety: confined.
     */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Garbage {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        /** Bytes allocated in all scrapes of the iteration. */
        public long allocatedBytes;

        /** Scrapes of the iteration. */
        public long scrapes;

        final long written(Scrape scrape) throws IOException {
            Counting out = new Counting();
            long before = threads.getCurrentThreadAllocatedBytes();
            scrape.to(out);
            allocatedBytes += threads.getCurrentThreadAllocatedBytes() - before;
            scrapes++;
            return out.bytes;
        }
    }

    /** Throws away what is written. */
    private static final class Counting extends OutputStream {
        private long bytes;

        @Override
        public void write(int one) {
            bytes++;
        }

        @Override
        public void write(byte[] some, int from, int length) {
            bytes += length;
        }
    }

    /** The floor: the text is there already and is copied once. */
    @Benchmark
    public long bytes(Scraped scraped, Garbage garbage) throws IOException {
        return garbage.written(scraped.scrape);
    }

    /** No timer has recorded since the last scrape. */
    @Benchmark
    public long hyperionIdle(Scraped scraped, Garbage garbage) throws IOException {
        return garbage.written(scraped.scrape);
    }

    /** A tenth of the timers has recorded since the last scrape. */
    @Benchmark
    public long hyperionTenthChanged(Scraped scraped, Garbage garbage) throws IOException {
        return garbage.written(scraped.scrape);
    }

    /** Every timer has recorded since the last scrape. */
    @Benchmark
    public long hyperionAllChanged(Scraped scraped, Garbage garbage) throws IOException {
        return garbage.written(scraped.scrape);
    }

    /** Micrometer's timers with percentiles. */
    @Benchmark
    public long micrometerPrometheus(Scraped scraped, Garbage garbage) throws IOException {
        return garbage.written(scraped.scrape);
    }

    /** client_java's summaries, which tell percentiles. */
    @Benchmark
    public long clientJavaSummary(Scraped scraped, Garbage garbage) throws IOException {
        return garbage.written(scraped.scrape);
    }

    /** client_java's default histograms: 12 fixed buckets each, as text. */
    @Benchmark
    public long clientJavaHistogram(Scraped scraped, Garbage garbage) throws IOException {
        return garbage.written(scraped.scrape);
    }
}
