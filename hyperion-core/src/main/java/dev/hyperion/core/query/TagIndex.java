// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import io.micrometer.core.instrument.Meter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The series of one name by the values of their tags, so that a query that pins some does not look at all of them. A tag is
 * indexed when it is first asked for: what nobody asks for takes no memory. Another list of series needs another index.
 *
 * <p>Thread-safety: thread-safe.
 */
final class TagIndex {
    private final List<Meter> series;
    private final Map<String, Map<String, List<Meter>>> values = new ConcurrentHashMap<>();
    private final Set<String> absent = ConcurrentHashMap.newKeySet();

    TagIndex(List<Meter> series) {
        this.series = series;
    }

    /** Whether it was made of this very list: the registry makes a new one for each change. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(List<Meter> list) {
        return series == list;
    }

    /** The series that have all of these tags, among others, in the order of the list. */
    List<Meter> having(Map<String, String> tags) {
        List<Meter> fewest = series;
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            List<Meter> some = valuesOf(tag.getKey()).getOrDefault(tag.getValue(), List.of());
            fewest = some.size() < fewest.size() ? some : fewest;
        }
        if (tags.size() < 2 || fewest.isEmpty()) {
            return fewest;
        }
        List<Meter> all = new ArrayList<>(fewest.size());
        for (Meter meter : fewest) {
            if (matches(meter, tags)) {
                all.add(meter);
            }
        }
        return all;
    }

    /** Whether any of the series has a tag. For keys that we ask for, not people: the answer is kept for each. */
    boolean anyHas(String key) {
        if (values.containsKey(key)) {
            return true;
        }
        if (absent.contains(key) || valuesOf(key).isEmpty()) {
            absent.add(key);
            return false;
        }
        return true;
    }

    private Map<String, List<Meter>> valuesOf(String key) {
        Map<String, List<Meter>> known = values.get(key);
        if (known != null) {
            return known;
        }
        Map<String, List<Meter>> found = new HashMap<>();
        for (Meter meter : series) {
            String value = meter.getId().getTag(key);
            if (value != null) {
                found.merge(value, List.of(meter), TagIndex::joined);
            }
        }
        if (!found.isEmpty()) { // what no series has is not kept: anybody may ask for anything
            values.put(key, found);
        }
        return found;
    }

    private static List<Meter> joined(List<Meter> some, List<Meter> more) {
        List<Meter> all = some instanceof ArrayList<Meter> ? some : new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** Whether a meter has all of these tags, among others. */
    static boolean matches(Meter meter, Map<String, String> tags) {
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            if (!tag.getValue().equals(meter.getId().getTag(tag.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
