// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.monitoring.Distribution;
import java.util.ArrayList;
import java.util.List;

/**
 * What a series has counted so far, or what it counted between two moments. Only ever grows, except where a source starts
 * anew, which its start id tells.
 *
 * <p>Thread-safety: immutable.
 */
sealed interface Totals {

    /** What came on top of earlier totals of the same series. */
    Totals minus(Totals earlier);

    /** The totals of two series together; both of the same kind. */
    Totals plus(Totals other);

    /** Whether nothing came on top of the other, earlier totals. */
    boolean sameAs(Totals other);

    /** The totals of many series together, at the price of reading each once; all of the same kind. */
    static Totals sum(List<Totals> all) {
        Totals first = all.get(0);
        if (all.size() == 1) {
            return first;
        }
        if (first instanceof Histogram histogram) {
            List<HistogramCopy> copies = new ArrayList<>();
            all.forEach(each ->
                    copies.add(each instanceof Histogram one ? one.copy : HistogramCopy.empty(histogram.copy.scale())));
            return new Histogram(HistogramCopy.merge(histogram.copy.scale(), copies));
        }
        if (first instanceof Distributed) {
            List<Distribution> told = new ArrayList<>();
            all.forEach(each -> told.add(each instanceof Distributed one ? one.distribution : Distribution.empty()));
            return new Distributed(Distribution.merge(told));
        }
        return all.stream().reduce(Totals::plus).orElseThrow();
    }

    /** How many events there were. */
    double count();

    /** A counter. */
    record Count(double count) implements Totals {
        @Override
        public Totals minus(Totals earlier) {
            return new Count(Math.max(0, count - earlier.count()));
        }

        @Override
        public Totals plus(Totals other) {
            return new Count(count + other.count());
        }

        @Override
        public boolean sameAs(Totals other) {
            return count == other.count();
        }
    }

    /** A timer that somebody else keeps, of which there is no histogram; the sum is in seconds. */
    record CountAndSum(double count, double sum) implements Totals {
        @Override
        public Totals minus(Totals earlier) {
            double before = earlier instanceof CountAndSum both ? both.sum : 0;
            return new CountAndSum(Math.max(0, count - earlier.count()), Math.max(0, sum - before));
        }

        @Override
        public Totals plus(Totals other) {
            return new CountAndSum(count + other.count(), sum + (other instanceof CountAndSum both ? both.sum : 0));
        }

        @Override
        public boolean sameAs(Totals other) {
            return equals(other);
        }
    }

    /** A timer, in nanoseconds, or a summary of ours. */
    record Histogram(HistogramCopy copy) implements Totals {
        @Override
        public double count() {
            return copy.count();
        }

        @Override
        public Totals minus(Totals earlier) {
            return earlier instanceof Histogram before ? new Histogram(copy.minus(before.copy)) : this;
        }

        @Override
        public Totals plus(Totals other) {
            return other instanceof Histogram more ? new Histogram(copy.plus(more.copy)) : this;
        }

        @Override
        public boolean sameAs(Totals other) {
            return other instanceof Histogram that && copy.count() == that.copy.count();
        }
    }

    /** A distribution that a source told, such as the router's latencies; in seconds where it is of times. */
    record Distributed(Distribution distribution) implements Totals {
        @Override
        public double count() {
            return distribution.count();
        }

        @Override
        public Totals minus(Totals earlier) {
            return earlier instanceof Distributed before
                    ? new Distributed(distribution.minus(before.distribution))
                    : this;
        }

        @Override
        public Totals plus(Totals other) {
            return other instanceof Distributed more ? new Distributed(distribution.merge(more.distribution)) : this;
        }

        @Override
        public boolean sameAs(Totals other) {
            return other instanceof Distributed that && distribution.count() == that.distribution.count();
        }
    }
}
