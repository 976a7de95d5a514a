// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Groups series by the labels of a query; a series that lacks such a label falls into the group of the empty value. */
final class SeriesGroup {
    private SeriesGroup() {}

    static <S> Map<Map<String, String>, List<S>> by(
            Set<String> labels, Iterable<S> series, BiFunction<S, String, @Nullable String> labelOf) {
        Map<Map<String, String>, List<S>> groups = new LinkedHashMap<>();
        for (S each : series) {
            Map<String, String> key = new TreeMap<>();
            for (String label : labels) {
                String value = labelOf.apply(each, label);
                key.put(label, value == null ? "" : value);
            }
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(each);
        }
        return groups;
    }
}
