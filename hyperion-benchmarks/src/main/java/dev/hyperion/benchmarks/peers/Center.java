// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import dev.hyperion.core.alert.AlertJournal;
import dev.hyperion.core.alert.AlertParts;
import dev.hyperion.core.alert.AlertSettings;
import dev.hyperion.core.expose.ExpositionFormat;
import dev.hyperion.core.expose.PrometheusText;
import dev.hyperion.core.query.HyperionMonitoringCenter;
import dev.hyperion.core.query.MonitoringSettings;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.security.BlockedClients;
import dev.hyperion.monitoring.Distribution;
import dev.hyperion.monitoring.MonitoringCenter;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;

/**
 * Hyperion's monitoring center with the time in our hand, so that ticks happen between the measurements and not in them, and
 * an evaluation or a scrape is measured by itself, without HTTP and without waiting for its turn. The one place of the
 * benchmarks that reaches into {@code hyperion-core}.
 *
 * <p>Thread-safety: confined.
 */
public final class Center implements AutoCloseable {
    private final HandTime time = new HandTime();
    private final HyperionMonitoringCenter center = new HyperionMonitoringCenter(
            MonitoringSettings.defaults(),
            time,
            time,
            Runnable::run,
            Map.of(),
            new AlertParts(AlertSettings.defaults(), Map.of(), forgetting(), new BlockedClients(time)),
            ProcessStats.ofThisJvm());
    private final PrometheusText text = new PrometheusText(center.meters(), center.recentWindow());

    /** A journal that keeps nothing: durability is no part of what is measured, and no rule here ever fires. */
    private static AlertJournal forgetting() {
        return (AlertJournal) Proxy.newProxyInstance(
                Center.class.getClassLoader(), new Class<?>[] {AlertJournal.class}, (proxy, method, arguments) -> null);
    }

    /**
     * The center as applications see it.
     *
     * @return meters, queries, rules
     */
    public MonitoringCenter monitoring() {
        return center;
    }

    /** Lets a second go by, and what happens at its end. */
    public void tick() {
        time.advance(Duration.ofSeconds(1));
        time.run("monitoring tick");
    }

    /** Evaluates every alert rule once, on this thread. */
    public void evaluateRules() {
        time.run("alert evaluation");
    }

    /**
     * Writes all meters as Prometheus text.
     *
     * @param out where to
     */
    public void scrape(OutputStream out) {
        try {
            text.write(ExpositionFormat.PROMETHEUS_0_0_4, out);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    /**
     * What a timer of this center has recorded so far, as a replica tells it to others.
     *
     * @param timer of {@link #monitoring()}
     * @return in seconds
     */
    public static Distribution distribution(Timer timer) {
        HistogramCopy copy = ((DistributionMeter) timer).copy();
        int size = copy.size();
        double[] lower = new double[size];
        double[] upper = new double[size];
        long[] counts = new long[size];
        int[] next = {0};
        copy.forEachBucket((from, to, count) -> {
            int at = next[0]++;
            lower[at] = from / 1e9;
            upper[at] = to / 1e9;
            counts[at] = count;
        });
        return Distribution.of(lower, upper, counts, copy.sum() / 1e9);
    }

    @Override
    public void close() {
        center.close();
    }
}
