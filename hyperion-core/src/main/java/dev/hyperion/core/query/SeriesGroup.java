// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Groups series by the labels of a query; a series that lacks such a label falls into the group of the empty value. */
final class SeriesGroup {
    private SeriesGroup() {}

    static <S> Map<Map<String, String>, List<S>> by(
            Set<String> labels, Iterable<S> series, Function<S, Map<String, String>> labelsOf) {
        Map<Map<String, String>, List<S>> groups = new LinkedHashMap<>();
        for (S each : series) {
            Map<String, String> own = labelsOf.apply(each);
            Map<String, String> key = new TreeMap<>();
            labels.forEach(label -> key.put(label, own.getOrDefault(label, "")));
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(each);
        }
        return groups;
    }

    static boolean matches(Map<String, String> labels, Map<String, String> wanted) {
        return wanted.entrySet().stream().allMatch(tag -> tag.getValue().equals(labels.get(tag.getKey())));
    }
}
