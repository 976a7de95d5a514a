// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ConfigProblem;
import dev.hyperion.Secret;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a section by its schema and collects everything that is wrong. Confined to one call. */
final class SectionParser {
    private static final int NEAR = 3;

    private final String path;
    private final List<ConfigProblem> problems;

    SectionParser(String path, List<ConfigProblem> problems) {
        this.path = path;
        this.problems = problems;
    }

    PluginConfig parse(ConfigSchema schema, ConfigNode.Mapping section) {
        Map<String, PluginConfig.Value> values = new LinkedHashMap<>();
        for (ConfigKey key : schema.keys()) {
            read(key, section).ifPresent(value -> values.put(key.name(), value));
        }
        List<String> known = ConfigSchema.spellings(schema.keys());
        section.entries().forEach((name, entry) -> {
            if (!known.contains(name)) {
                problem(entry.key(), name, "is not a known key; " + suggestion(name, known));
            }
        });
        return new PluginConfig(path, section, values);
    }

    private Optional<PluginConfig.Value> read(ConfigKey key, ConfigNode.Mapping section) {
        List<String> written = new ArrayList<>(List.of(key.name()));
        written.addAll(key.aliases());
        written.removeIf(spelling -> !section.entries().containsKey(spelling));
        if (written.isEmpty()) {
            if (key.required()) {
                problem(section.position(), key.name(), "is missing; expected " + expected(key));
            }
            return key.fallback().map(text -> new PluginConfig.Value(fallback(key, text), section.position(), false));
        }
        String first = written.get(0);
        PluginConfig.@Nullable Value value = null;
        for (String spelling : written) {
            ConfigNode.Entry entry = entry(section, spelling);
            Object read = value(key, spelling, entry.value());
            if (read == null) {
                return Optional.empty();
            }
            if (value != null && !value.value().equals(read)) {
                problem(
                        entry.key(),
                        spelling,
                        "says something else than " + first + " at " + value.position() + "; keep one of the two");
            }
            value = value == null ? new PluginConfig.Value(read, entry.key(), true) : value;
        }
        return Optional.ofNullable(value);
    }

    private static ConfigNode.Entry entry(ConfigNode.Mapping section, String spelling) {
        ConfigNode.Entry entry = section.entries().get(spelling);
        if (entry == null) {
            throw new IllegalStateException(spelling + " was there a moment ago");
        }
        return entry;
    }

    private Object fallback(ConfigKey key, String text) {
        Object value = value(key, key.name(), new ConfigNode.Scalar(text, ConfigNode.Position.IN_MEMORY));
        if (value == null) {
            throw new IllegalStateException(
                    "schema key " + key.name() + " has the fallback '" + text + "', which the key itself refuses");
        }
        return value;
    }

    /** The value as its type wants it, or null after a problem was noted. */
    private @Nullable Object value(ConfigKey key, String spelling, ConfigNode node) {
        switch (key.type()) {
            case ANY:
                return node;
            case OBJECT:
                return node instanceof ConfigNode.Mapping mapping
                        ? below(spelling).parse(nested(key), mapping)
                        : wrong(key, spelling, node);
            case OBJECTS:
                return node instanceof ConfigNode.Sequence sequence
                        ? objects(key, spelling, sequence)
                        : wrong(key, spelling, node);
            case NAMED_OBJECTS:
                return node instanceof ConfigNode.Mapping mapping
                        ? namedObjects(key, spelling, mapping)
                        : wrong(key, spelling, node);
            case TEXT_MAP:
                return node instanceof ConfigNode.Mapping mapping
                        ? texts(key, spelling, mapping)
                        : wrong(key, spelling, node);
            case TEXTS, NUMBERS:
                return list(key, spelling, node);
            default:
                return node instanceof ConfigNode.Scalar scalar
                        ? scalar(key, spelling, scalar)
                        : wrong(key, spelling, node);
        }
    }

    private @Nullable Object objects(ConfigKey key, String spelling, ConfigNode.Sequence sequence) {
        List<PluginConfig> all = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            String name = spelling + "[" + i + "]";
            if (!(sequence.items().get(i) instanceof ConfigNode.Mapping mapping)) {
                return wrong(key, name, sequence.items().get(i));
            }
            all.add(below(name).parse(nested(key), mapping));
        }
        return List.copyOf(all);
    }

    private @Nullable Object namedObjects(ConfigKey key, String spelling, ConfigNode.Mapping mapping) {
        Map<String, PluginConfig> all = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigNode.Entry> each : mapping.entries().entrySet()) {
            String name = spelling + "." + each.getKey();
            if (!(each.getValue().value() instanceof ConfigNode.Mapping object)) {
                return wrong(key, name, each.getValue().value());
            }
            all.put(each.getKey(), below(name).parse(nested(key), object));
        }
        return all;
    }

    private @Nullable Object texts(ConfigKey key, String spelling, ConfigNode.Mapping mapping) {
        Map<String, String> all = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigNode.Entry> each : mapping.entries().entrySet()) {
            if (!(each.getValue().value() instanceof ConfigNode.Scalar scalar)) {
                return wrong(
                        key, spelling + "." + each.getKey(), each.getValue().value());
            }
            all.put(each.getKey(), scalar.text());
        }
        return all;
    }

    private @Nullable Object list(ConfigKey key, String spelling, ConfigNode node) {
        List<ConfigNode> items = node instanceof ConfigNode.Sequence sequence ? sequence.items() : List.of(node);
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String name = node instanceof ConfigNode.Sequence ? spelling + "[" + i + "]" : spelling;
            if (!(items.get(i) instanceof ConfigNode.Scalar scalar)) {
                return wrong(key, name, items.get(i));
            }
            Object item = key.type() == ConfigKey.Type.TEXTS ? text(key, name, scalar) : number(key, name, scalar);
            if (item == null) {
                return null;
            }
            all.add(item);
        }
        return List.copyOf(all);
    }

    private @Nullable Object scalar(ConfigKey key, String spelling, ConfigNode.Scalar scalar) {
        String text = scalar.text().strip();
        switch (key.type()) {
            case TEXT:
                return text(key, spelling, scalar);
            case SECRET:
                return Secret.of(scalar.text());
            case BOOLEAN:
                String word = text.toLowerCase(Locale.ROOT);
                return word.equals("true") || word.equals("false")
                        ? (Object) word.equals("true")
                        : wrong(key, spelling, scalar);
            case INTEGER:
                try {
                    long whole = Long.parseLong(text);
                    return inRange(key, spelling, scalar, whole) ? whole : null;
                } catch (NumberFormatException e) {
                    return wrong(key, spelling, scalar);
                }
            case NUMBER:
                return number(key, spelling, scalar);
            case DURATION:
                Optional<Duration> duration = Quantities.duration(text, spelling.endsWith("_seconds"));
                return duration.isEmpty()
                        ? wrong(key, spelling, scalar)
                        : inRange(key, spelling, scalar, duration.get().toNanos() / 1e9) ? duration.get() : null;
            case SIZE:
                Optional<Long> bytes = Quantities.bytes(text);
                return bytes.isEmpty()
                        ? wrong(key, spelling, scalar)
                        : inRange(key, spelling, scalar, bytes.get()) ? bytes.get() : null;
            case PATH:
                return path(key, spelling, scalar);
            default:
                throw new IllegalStateException("no scalar is of type " + key.type());
        }
    }

    private @Nullable Object text(ConfigKey key, String spelling, ConfigNode.Scalar scalar) {
        if (key.allowed().isEmpty() || key.allowed().contains(scalar.text())) {
            return scalar.text();
        }
        return wrong(key, spelling, scalar);
    }

    private @Nullable Object number(ConfigKey key, String spelling, ConfigNode.Scalar scalar) {
        try {
            double number = Double.parseDouble(scalar.text().strip());
            if (Double.isNaN(number) || Double.isInfinite(number)) {
                return wrong(key, spelling, scalar);
            }
            return inRange(key, spelling, scalar, number) ? (Object) number : null;
        } catch (NumberFormatException e) {
            return wrong(key, spelling, scalar);
        }
    }

    private @Nullable Object path(ConfigKey key, String spelling, ConfigNode.Scalar scalar) {
        try {
            return Path.of(scalar.text());
        } catch (InvalidPathException e) {
            return wrong(key, spelling, scalar);
        }
    }

    private boolean inRange(ConfigKey key, String spelling, ConfigNode.Scalar scalar, double value) {
        boolean low = key.min().isPresent() && value < key.min().getAsDouble();
        boolean high = key.max().isPresent() && value > key.max().getAsDouble();
        if (low || high) {
            wrong(key, spelling, scalar);
        }
        return !low && !high;
    }

    private @Nullable Object wrong(ConfigKey key, String spelling, ConfigNode node) {
        String found = node instanceof ConfigNode.Scalar scalar
                ? "is '" + scalar + "'"
                : node instanceof ConfigNode.Sequence ? "is a list" : "is an object";
        problem(node.position(), spelling, found + "; expected " + expected(key));
        return null;
    }

    private static String expected(ConfigKey key) {
        if (!key.allowed().isEmpty()) {
            return "one of " + String.join(", ", key.allowed());
        }
        String unit = switch (key.type()) {
            case DURATION -> " s";
            case SIZE -> " bytes";
            default -> "";
        };
        String text = key.type().expected();
        if (key.min().isPresent() && key.max().isPresent()) {
            return text + " from " + plain(key.min().getAsDouble()) + " to "
                    + plain(key.max().getAsDouble()) + unit;
        }
        return key.min().isPresent() ? text + ", " + plain(key.min().getAsDouble()) + unit + " or more" : text;
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static ConfigSchema nested(ConfigKey key) {
        return key.nested().orElseThrow(() -> new IllegalStateException(key.name() + " has no schema below it"));
    }

    private SectionParser below(String name) {
        return new SectionParser(full(name), problems);
    }

    private String full(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private void problem(ConfigNode.Position at, String name, String message) {
        problems.add(new ConfigProblem(at.file(), at.line(), at.column(), full(name), message));
    }

    private static String suggestion(String name, List<String> known) {
        Optional<String> nearest = known.stream()
                .filter(each -> distance(name, each) <= Math.min(NEAR, Math.max(1, name.length() / 2)))
                .min(Comparator.comparingInt(each -> distance(name, each)));
        return nearest.map(near -> "did you mean " + near + "?")
                .orElse(known.isEmpty() ? "this section has no keys" : "known keys are " + String.join(", ", known));
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] now = new int[b.length() + 1];
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(change, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[b.length()];
    }
}
