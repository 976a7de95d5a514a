// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A parser of both text formats that takes nothing the formats do not allow: no family twice, no series twice, no sample
 * outside its family, metadata before samples, legal names, closed quotes, known escapes, numbers as Go writes and reads
 * them, cumulative buckets, exemplars only where they may stand.
 */
final class StrictExposition {
    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*";
    private static final Map<String, Set<String>> SUFFIXES = Map.of(
            "counter", Set.of("_total", "_created"),
            "gauge", Set.of(""),
            "summary", Set.of("", "_sum", "_count", "_created"),
            "histogram", Set.of("_bucket", "_sum", "_count", "_created"));

    /** One series with its value. */
    record Sample(String family, String name, Map<String, String> labels, double value, String exemplar) {}

    private final boolean open;
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Map<String, Sample> samples = new LinkedHashMap<>();
    private final Map<String, String> helps = new LinkedHashMap<>();
    private final Set<String> united = new HashSet<>();
    private String family = "";
    private boolean ended;
    private String line = "";

    private StrictExposition(boolean open) {
        this.open = open;
    }

    static StrictExposition parse(String text, ExpositionFormat format) {
        StrictExposition parser = new StrictExposition(format == ExpositionFormat.OPENMETRICS_1_0_0);
        parser.require(text.isEmpty() || text.endsWith("\n"), "the last line is not ended");
        if (!text.isEmpty()) {
            for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
                parser.line = line;
                parser.line();
            }
        }
        parser.require(parser.ended == parser.open, "EOF is missing, or stands where it must not");
        parser.checkBuckets();
        return parser;
    }

    Map<String, String> types() {
        return types;
    }

    String type(Sample sample) {
        return types.getOrDefault(sample.family(), "");
    }

    String help(Sample sample) {
        return helps.getOrDefault(sample.family(), "");
    }

    /** The value of a series as it is written; fails if there is none. */
    double value(String series) {
        return sample(series).value();
    }

    Sample sample(String series) {
        Sample found = samples.get(series);
        if (found == null) {
            throw new AssertionError("no series " + series + " among " + samples.keySet());
        }
        return found;
    }

    Map<String, Sample> samples() {
        return samples;
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + ", at: " + line);
        }
    }

    private void line() {
        require(!ended, "something follows EOF");
        if (line.equals("# EOF")) {
            ended = true;
        } else if (line.startsWith("# HELP ")) {
            String[] parts = line.split(" ", 4);
            begin(parts[2]);
            String help = parts.length > 3 ? parts[3] : "";
            require(helps.put(parts[2], help) == null, "a second HELP");
            checkEscapes(help);
        } else if (line.startsWith("# TYPE ")) {
            String[] parts = line.split(" ", -1);
            begin(parts[2]);
            require(parts.length == 4 && SUFFIXES.containsKey(parts[3]), "an unknown type");
            require(types.put(parts[2], parts[3]) == null, "a second TYPE");
        } else if (line.startsWith("# UNIT ")) {
            require(open, "UNIT is of OpenMetrics only");
            String[] parts = line.split(" ", -1);
            begin(parts[2]);
            require(united.add(parts[2]), "a second UNIT");
            require(parts.length == 4 && parts[2].endsWith("_" + parts[3]), "the name does not end in its unit");
        } else {
            require(!line.startsWith("#"), "a comment that is none of the known ones");
            sample();
        }
    }

    private void begin(String name) {
        require(name.matches(NAME), "an illegal name");
        if (!name.equals(family)) {
            require(!types.containsKey(name) && !helps.containsKey(name), "the family is there already");
            family = name;
        }
    }

    private void checkEscapes(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
                require(i < text.length() && "\\n\"".indexOf(text.charAt(i)) >= 0, "an unknown escape");
            }
        }
    }

    private void sample() {
        int at = 0;
        while (at < line.length() && line.charAt(at) != '{' && line.charAt(at) != ' ') {
            at++;
        }
        String name = line.substring(0, at);
        require(name.matches(NAME), "an illegal name");
        Map<String, String> labels = new TreeMap<>();
        if (line.charAt(at) == '{') {
            at = labels(at + 1, labels);
        }
        require(at < line.length() && line.charAt(at) == ' ', "no blank before the value");
        String rest = line.substring(at + 1);
        int mark = rest.indexOf(" # ");
        String exemplar = mark < 0 ? "" : rest.substring(mark + 3);
        String number = mark < 0 ? rest : rest.substring(0, mark);
        require(number.matches("[-+]?(\\d+(\\.\\d+)?([eE][-+]?\\d+)?|Inf)|NaN"), "no number");
        String type = types.get(family);
        require(type != null, "a sample before its TYPE");
        String suffix = suffix(name, type);
        require(!suffix.equals("_total") || !labels.containsKey("le"), "a counter with a bucket's label");
        require(
                suffix.equals("_bucket") == (labels.containsKey("le") && type.equals("histogram")),
                "le where it must not");
        require(
                !type.equals("summary") || suffix.isEmpty() == labels.containsKey("quantile"),
                "quantile where it must not");
        if (!exemplar.isEmpty()) {
            require(open && (suffix.equals("_total") || suffix.equals("_bucket")), "an exemplar where none may stand");
            require(exemplar.matches("\\{[^{}]*\\} \\S+( \\S+)?"), "no exemplar");
            require(exemplar.indexOf('}') <= 128 + 20, "an exemplar that is too long");
        }
        double value = number.endsWith("Inf")
                ? (number.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY)
                : Double.parseDouble(number);
        labels.values().removeIf(String::isEmpty); // as if it were not there
        require(
                samples.put(name + labels, new Sample(family, name, labels, value, exemplar)) == null,
                "the series is there already");
    }

    private String suffix(String name, String type) {
        String base = family;
        if (type.equals("counter") && !open) {
            require(name.equals(family), "a sample of another family");
            return "_total";
        }
        require(name.startsWith(base), "a sample of another family");
        String suffix = name.substring(base.length());
        require(SUFFIXES.getOrDefault(type, Set.of()).contains(suffix), "a sample that its type does not have");
        return suffix;
    }

    private int labels(int from, Map<String, String> into) {
        int at = from;
        while (true) {
            int equals = line.indexOf('=', at);
            require(equals > 0, "a label without a value");
            String label = line.substring(at, equals);
            require(label.matches(LABEL) && !label.startsWith("__"), "an illegal label");
            require(line.charAt(equals + 1) == '"', "no quote");
            StringBuilder value = new StringBuilder();
            at = equals + 2;
            while (line.charAt(at) != '"') {
                if (line.charAt(at) == '\\') {
                    at++;
                    char escaped = line.charAt(at);
                    require("\\n\"".indexOf(escaped) >= 0, "an unknown escape");
                    value.append(escaped == 'n' ? '\n' : escaped);
                } else {
                    value.append(line.charAt(at));
                }
                at++;
                require(at < line.length(), "a quote that is not closed");
            }
            require(into.put(label, value.toString()) == null, "a label twice");
            at++;
            if (line.charAt(at) == '}') {
                return at + 1;
            }
            require(line.charAt(at) == ',', "no comma between labels");
            at++;
        }
    }

    /** Of each histogram: buckets that rise, end with everything, and agree with the count. */
    private void checkBuckets() {
        Map<String, Double> last = new LinkedHashMap<>();
        Map<String, Double> lastBound = new LinkedHashMap<>();
        for (Sample sample : samples.values()) {
            String le = sample.labels().get("le");
            String base = sample.name().replaceAll("_(bucket|count)$", "");
            if (sample.name().endsWith("_bucket") && le != null) {
                Map<String, String> others = new TreeMap<>(sample.labels());
                others.remove("le");
                String key = base + others;
                double bound = le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
                line = sample.toString();
                require(bound > lastBound.getOrDefault(key, Double.NEGATIVE_INFINITY), "bounds that do not rise");
                require(sample.value() >= last.getOrDefault(key, 0.0), "counts that fall");
                lastBound.put(key, bound);
                last.put(key, sample.value());
            } else if (sample.name().endsWith("_count") && "histogram".equals(types.get(base))) {
                line = sample.toString();
                require(
                        lastBound.getOrDefault(base + sample.labels(), 0.0) == Double.POSITIVE_INFINITY,
                        "no last bucket");
                require(
                        last.getOrDefault(base + sample.labels(), -1.0) == sample.value(),
                        "a count that is no bucket's");
            }
        }
    }
}
