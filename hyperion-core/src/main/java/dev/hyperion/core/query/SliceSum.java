// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Slices of several series added up: counters sum, distributions merge; as long as the longest of them. */
record SliceSum(Totals totals, Duration length) {

    static Optional<SliceSum> of(Stream<SeriesWindow.Slice> slices) {
        return slices.map(slice -> new SliceSum(slice.added(), slice.length()))
                .reduce((a, b) ->
                        new SliceSum(a.totals.plus(b.totals), a.length.compareTo(b.length) >= 0 ? a.length : b.length));
    }
}
