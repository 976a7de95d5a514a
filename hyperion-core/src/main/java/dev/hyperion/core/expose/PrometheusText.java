// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.RecentWindow;
import dev.hyperion.monitoring.MetricCatalogue;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Set;

/**
 * Writes a registry as Prometheus text, OpenMetrics text or Prometheus protobuf.
 *
 * <p>Counters, counts, sums and buckets are those since the meters were created and never go back. Quantiles and maxima are
 * those of a recent window; they are absent while it holds no record, as is a gauge that has no value: an absent series is
 * told apart from zero. Meters of one name whose tag keys differ are all written; see {@link FamilyTable} for those that
 * become the same.
 *
 * <p>Text is not built in memory: series go to the stream as they are read, a few kilobytes at a time. No lock is held while
 * the stream is written to, so a scraper that stops reading keeps nobody waiting.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class PrometheusText {
    private final HyperionMeterRegistry registry;
    private final FamilyTable table;
    private final RecentWindow window;

    /**
     * Creates a writer over a registry, with the default settings.
     *
     * @param registry what is written
     * @param window as in {@link #PrometheusText(HyperionMeterRegistry, RecentWindow, ExpositionSettings)}
     */
    public PrometheusText(HyperionMeterRegistry registry, RecentWindow window) {
        this(registry, window, ExpositionSettings.defaults());
    }

    /**
     * Creates a writer over a registry, and registers {@code hyperion.exposition.conflicts} there.
     *
     * @param registry what is written
     * @param window the recent records, of which quantiles and maxima are told
     * @param settings what timers and summaries are told as
     */
    public PrometheusText(HyperionMeterRegistry registry, RecentWindow window, ExpositionSettings settings) {
        this.registry = registry;
        this.table = new FamilyTable(registry, settings, MetricCatalogue.EXPOSITION_CONFLICTS.counter(registry));
        this.window = window;
    }

    /**
     * Writes all meters as they are now.
     *
     * @param format which format
     * @param out where to; flushed, not closed
     * @throws IOException if the reader went away
     */
    public void write(ExpositionFormat format, OutputStream out) throws IOException {
        write(format, Set.of(), out);
    }

    /**
     * Writes some meters as they are now.
     *
     * @param format which format
     * @param names of families, samples or meters; empty for all. A name that there is not is ignored
     * @param out where to; flushed, not closed
     * @throws IOException if the reader went away
     */
    public void write(ExpositionFormat format, Set<String> names, OutputStream out) throws IOException {
        FamilyTable.Built built = table.now();
        registry.sampled(built.functions(), () -> {
            write(format, built.families(), names, out);
            return out;
        });
        out.flush();
    }

    private void write(ExpositionFormat format, Collection<Family> families, Set<String> names, OutputStream out)
            throws IOException {
        try (DistributionView view = new DistributionView(window)) {
            FamilyWriter writer =
                    format == ExpositionFormat.PROTOBUF ? new ProtobufFamilies(view) : new TextFamilies(format, view);
            for (Family family : families) {
                if (family.isNamed(names)) {
                    writer.write(family, out);
                }
            }
            writer.end(out);
        }
    }
}
