// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The application's filters in their order, and behind the last of them, always, the guard over the number of series: one
 * filter of Micrometer's for all, since those that come later would otherwise map what the guard has let in.
 *
 * <p>Thread-safety: thread-safe.
 */
final class FilterChain implements MeterFilter {
    private final List<MeterFilter> filters = new CopyOnWriteArrayList<>();
    private final SeriesIndex index;
    private final int most;
    private final Mishaps mishaps;

    FilterChain(SeriesIndex index, int most, Mishaps mishaps) {
        this.index = index;
        this.most = most;
        this.mishaps = mishaps;
    }

    void add(MeterFilter filter) {
        filters.add(filter);
    }

    @SuppressWarnings("ReferenceEquality") // a series within the limit comes back as the object that it went in
    @Override
    public Meter.Id map(Meter.Id id) {
        Meter.Id mapped = id;
        for (MeterFilter filter : filters) {
            mapped = filter.map(mapped);
        }
        Meter.Id placed = index.place(mapped, this::denies);
        if (placed != mapped) {
            mishaps.overflown(mapped, most, false);
        }
        return placed;
    }

    private boolean denies(Meter.Id id) {
        return reply(id) == MeterFilterReply.DENY;
    }

    private MeterFilterReply reply(Meter.Id id) {
        for (MeterFilter filter : filters) {
            MeterFilterReply reply = filter.accept(id);
            if (reply != MeterFilterReply.NEUTRAL) {
                return reply;
            }
        }
        return MeterFilterReply.NEUTRAL;
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        if (index.isExcess(id)) {
            return MeterFilterReply.ACCEPT; // the filters have let in what is folded into it
        }
        MeterFilterReply reply = reply(id);
        if (reply != MeterFilterReply.DENY && index.refuses(id)) {
            GaugeReader.afterwards(() -> mishaps.overflown(id, most, true));
            return MeterFilterReply.DENY;
        }
        return reply;
    }

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        DistributionStatisticConfig configured = config;
        for (MeterFilter filter : filters) {
            @Nullable DistributionStatisticConfig changed = filter.configure(id, configured);
            configured = changed == null ? configured : changed;
        }
        return configured;
    }
}
