// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.Tally;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The recent records of timers and summaries, read without garbage. Thread-safety: thread-safe. */
@FunctionalInterface
public interface RecentWindow {

    /**
     * Finds the window of one meter.
     *
     * @param meter whose window
     * @return its window for as long as the meter is registered; null if it is not followed, or not yet: then all that it
     *     holds is recent
     */
    @Nullable
    OfMeter of(DistributionMeter meter);

    /** The recent records of one meter. Thread-safety: thread-safe. */
    interface OfMeter {

        /**
         * Tells windows apart that begin with different totals.
         *
         * @return always the same object for as long as the window that ends now begins with the same totals
         */
        Object begin();

        /**
         * Has what the last window began with brought near, as {@link DistributionMeter#touch} does.
         *
         * @return a number without meaning
         */
        default long touch() {
            return 0;
        }

        /**
         * Has the objects brought near that {@link #touch} goes through, as {@link DistributionMeter#approach} does.
         *
         * @return a number without meaning
         */
        default long approach() {
            return 0;
        }

        /**
         * Reads the meter once: first everything that it holds, then only what came since the window began.
         *
         * @param tally empty, of the meter's scale; holds the recent records at the end
         * @param all called while the tally holds all records; must not block
         * @return what the window began with, as {@link #begin} tells it
         */
        Object read(Tally tally, Runnable all);
    }

    /**
     * Makes a window of copies that somebody keeps.
     *
     * @param begins what a meter held when the window began: the same object for as long as it tells the same
     * @return the window; reading it makes copies
     */
    static RecentWindow since(Function<DistributionMeter, HistogramCopy> begins) {
        return meter -> new OfMeter() {
            @Override
            public Object begin() {
                return begins.apply(meter);
            }

            @Override
            public Object read(Tally tally, Runnable all) {
                HistogramCopy begin = begins.apply(meter);
                meter.addTo(tally);
                all.run();
                HistogramCopy now = tally.toCopy();
                tally.clear();
                // a meter that was registered anew while we looked holds less than before: nothing is recent then
                if (now.count() >= begin.count()) {
                    tally.add(now.minus(begin));
                }
                return begin;
            }
        };
    }
}
