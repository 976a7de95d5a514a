// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labels of a series, sanitized and encoded once. Two series are the same to a scraper if and only if these are equal: in
 * alphabetical order, without those that have no value, which Prometheus takes for absent.
 *
 * <p>Thread-safety: immutable.
 */
final class Labels {
    private final String[] pairs;
    private final byte[] text;

    private Labels(Map<String, String> sorted) {
        pairs = new String[sorted.size() * 2];
        StringBuilder rendered = new StringBuilder();
        int at = 0;
        for (Map.Entry<String, String> label : sorted.entrySet()) {
            pairs[at++] = label.getKey();
            pairs[at++] = label.getValue();
            rendered.append(rendered.isEmpty() ? "" : ",")
                    .append(label.getKey())
                    .append("=\"")
                    .append(ExpositionNames.escapeLabel(label.getValue()))
                    .append('"');
        }
        text = rendered.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The tags of a meter as labels. Keys that become the same label stay two labels: the later gets an underscore.
     *
     * @param reserved a label that the samples of this family have for themselves; empty if there is none
     */
    static Labels of(Meter meter, String reserved) {
        TreeMap<String, String> labels = new TreeMap<>();
        for (Tag tag : meter.getId().getTagsAsIterable()) {
            if (!tag.getValue().isEmpty()) {
                String label = ExpositionNames.label(tag.getKey());
                while (label.equals(reserved) || labels.containsKey(label)) {
                    label += "_";
                }
                labels.put(label, ExpositionNames.wellFormed(tag.getValue()));
            }
        }
        return new Labels(labels);
    }

    /** The same and one more, whose name gets underscores until it is free. */
    Labels with(String name, String value) {
        TreeMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            labels.put(pairs[i], pairs[i + 1]);
        }
        String label = name;
        while (labels.containsKey(label)) {
            label += "_";
        }
        labels.put(label, ExpositionNames.wellFormed(value));
        return new Labels(labels);
    }

    boolean isEmpty() {
        return pairs.length == 0;
    }

    int size() {
        return pairs.length / 2;
    }

    String name(int index) {
        return pairs[2 * index];
    }

    String value(int index) {
        return pairs[2 * index + 1];
    }

    /** What stands between the braces, escaped, in UTF-8. Not to be changed. */
    byte[] text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels that && Arrays.equals(text, that.text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(text);
    }
}
