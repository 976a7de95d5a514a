// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Series of one name and type.
 *
 * <p>Thread-safety: confined to the building of its table, immutable from then on.
 */
final class Family {

    /** What a family tells, and the names that belong to it. */
    enum Type {
        COUNTER("", "_total", "_created"),
        GAUGE(""),
        SUMMARY("", "_sum", "_count", "_created", "_max"),
        HISTOGRAM("", "_bucket", "_sum", "_count", "_created", "_max");

        @SuppressWarnings("ImmutableEnumChecker") // List.of
        private final List<String> suffixes;

        Type(String... suffixes) {
            this.suffixes = List.of(suffixes);
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Every name that samples of this type, or their metadata, may have. */
        List<String> names(String family) {
            return suffixes.stream().map(suffix -> family + suffix).toList();
        }
    }

    final String name;
    final Type type;
    final String help;
    final String unit;
    /** The name of the meter that came first. */
    final String meterName;

    final List<Series> series = new ArrayList<>();
    final byte[] sampleName;
    private final byte[] maxName;
    private final Set<Labels> taken = new HashSet<>();
    private final Map<ExpositionFormat, byte[]> headers = new EnumMap<>(ExpositionFormat.class);
    private final Map<ExpositionFormat, byte[]> maxHeaders = new EnumMap<>(ExpositionFormat.class);

    Family(String name, Type type, String help, String unit, String meterName) {
        this.name = name;
        this.type = type;
        this.help = ExpositionNames.wellFormed(help);
        this.unit = unit;
        this.meterName = meterName;
        this.sampleName = ascii(type == Type.COUNTER ? name + "_total" : name);
        this.maxName = ascii(name + "_max");
        for (ExpositionFormat format : ExpositionFormat.values()) {
            boolean total = type == Type.COUNTER && format == ExpositionFormat.PROMETHEUS_0_0_4;
            headers.put(format, header(format, total ? name + "_total" : name, type.text(), this.help));
            maxHeaders.put(format, header(format, name + "_max", "gauge", maxHelp()));
        }
    }

    private byte[] header(ExpositionFormat format, String of, String typeText, String helpText) {
        // a unit may be told only if the name ends in it
        boolean told = format == ExpositionFormat.OPENMETRICS_1_0_0 && !unit.isEmpty() && of.endsWith("_" + unit);
        return ("# HELP " + of + " " + ExpositionNames.escapeHelp(helpText, format) + "\n"
                        + "# TYPE " + of + " " + typeText + "\n"
                        + (told ? "# UNIT " + of + " " + unit + "\n" : ""))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a series of these labels may still be added. */
    boolean isFree(Labels labels) {
        return !taken.contains(labels);
    }

    void add(Series one) {
        taken.add(one.labels);
        series.add(one);
    }

    /** Whether somebody who asks for some names means this family: by its own name, a sample's or the meter's. */
    boolean isNamed(Set<String> names) {
        return names.isEmpty()
                || names.contains(meterName)
                || type.names(name).stream().anyMatch(names::contains);
    }

    byte[] header(ExpositionFormat format) {
        return headers.getOrDefault(format, new byte[0]);
    }

    byte[] maxHeader(ExpositionFormat format) {
        return maxHeaders.getOrDefault(format, new byte[0]);
    }

    String maxHelp() {
        return help + " (largest of the recent window)";
    }

    byte[] maxName() {
        return maxName;
    }
}
