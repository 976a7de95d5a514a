// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns meter names, tag keys and units into what Prometheus allows, and escapes texts. Thread-safety: immutable. */
public final class ExpositionNames {
    private ExpositionNames() {}

    /**
     * The name of a meter's family: {@code latency} in {@code seconds} is {@code latency_seconds}; a name that ends in its
     * unit keeps it once.
     *
     * @param meterName the meter's name
     * @param unit its base unit; null or blank for none
     * @return the family, without {@code _total}
     */
    public static String family(String meterName, @Nullable String unit) {
        String name = legal(meterName, true);
        String suffix = unit(unit);
        return suffix.isEmpty() || name.equals(suffix) || name.endsWith("_" + suffix) ? name : name + "_" + suffix;
    }

    /** A unit as it stands in names; empty if there is none. */
    static String unit(@Nullable String unit) {
        return unit == null || unit.isBlank() ? "" : legal(unit.toLowerCase(Locale.ROOT), false);
    }

    /**
     * The name of a label. Two underscores in front are Prometheus's own, so such a key gets something before them.
     *
     * @param key a tag's key
     * @return what Prometheus allows
     */
    public static String label(String key) {
        String label = legal(key, true);
        return label.startsWith("__") ? "tag" + label : label;
    }

    /** Keeps ASCII letters, digits and underscores; camelCase becomes snake_case, and a leading digit gets an underscore. */
    private static String legal(String text, boolean whole) {
        StringBuilder legal = new StringBuilder(text.length() + 4);
        char before = '_';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                if (before >= 'a' && before <= 'z') {
                    legal.append('_');
                }
                legal.append((char) (c + 'a' - 'A'));
            } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                legal.append(c);
            } else if (!Character.isLowSurrogate(c)) { // one underscore for each character, however long its code
                legal.append('_');
            }
            before = c;
        }
        if (whole && (legal.isEmpty() || Character.isDigit(legal.charAt(0)))) {
            legal.insert(0, '_');
        }
        return legal.toString();
    }

    static String escapeLabel(String value) {
        return escape(value, true);
    }

    static String escapeHelp(String text, ExpositionFormat format) {
        return escape(text, format == ExpositionFormat.OPENMETRICS_1_0_0);
    }

    private static String escape(String text, boolean quotes) {
        int clean = 0;
        while (clean < text.length() && !special(text.charAt(clean), quotes)) {
            clean++;
        }
        if (clean == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 8).append(text, 0, clean);
        for (int i = clean; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                escaped.append("\\n");
            } else if (c == '\\' || (quotes && c == '"')) {
                escaped.append('\\').append(c);
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Replaces halves of surrogate pairs, which have no place in UTF-8. */
    static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                repaired = repaired == null ? new StringBuilder(text) : repaired;
                repaired.setCharAt(i, '\uFFFD');
            }
        }
        return repaired == null ? text : repaired.toString();
    }

    private static boolean special(char c, boolean quotes) {
        return c == '\\' || c == '\n' || (quotes && c == '"');
    }
}
