// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Slices of several series added up: counters sum, distributions merge; as long as the longest of them. */
record SliceSum(Totals totals, Duration length) {

    static Optional<SliceSum> of(Stream<SeriesWindow.Slice> slices) {
        List<Totals> added = new ArrayList<>();
        Duration[] longest = {Duration.ZERO};
        slices.forEach(slice -> {
            added.add(slice.added());
            longest[0] = slice.length().compareTo(longest[0]) > 0 ? slice.length() : longest[0];
        });
        return added.isEmpty() ? Optional.empty() : Optional.of(new SliceSum(Totals.sum(added), longest[0]));
    }
}
