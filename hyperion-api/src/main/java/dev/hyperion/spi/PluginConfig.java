// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ConfigProblem;
import dev.hyperion.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A section of the configuration that has been checked against its {@link ConfigSchema}. The plain getters are for keys
 * that are mandatory or have a fallback; {@code find…} is for the others.
 *
 * <p>Thread-safety: immutable.
 */
public final class PluginConfig {
    private final String path;
    private final ConfigNode.Mapping source;
    private final Map<String, Value> values;

    /** A value, where its key stands, and whether it was written at all. */
    record Value(Object value, ConfigNode.Position position, boolean written) {}

    PluginConfig(String path, ConfigNode.Mapping source, Map<String, Value> values) {
        this.path = path;
        this.source = source;
        this.values = Map.copyOf(values);
    }

    /**
     * Where the section is.
     *
     * @return its dotted key; empty for a whole file
     */
    public String path() {
        return path;
    }

    /**
     * The section as it was written.
     *
     * @return keys and values with positions
     */
    public ConfigNode.Mapping source() {
        return source;
    }

    /**
     * Whether a key was written, in any of its spellings.
     *
     * @param key its name
     * @return false if it is absent or only its fallback holds
     */
    public boolean isWritten(String key) {
        Value value = values.get(key);
        return value != null && value.written();
    }

    /**
     * Something else that is wrong with a value, told like every other problem of the file.
     *
     * @param key whose value; a key that was not written is told at the section's place
     * @param message the value, what was expected and what to do next
     * @return the problem
     */
    public ConfigProblem problem(String key, String message) {
        Value value = values.get(key);
        ConfigNode.Position at = value == null ? source.position() : value.position();
        return new ConfigProblem(at.file(), at.line(), at.column(), path.isEmpty() ? key : path + "." + key, message);
    }

    /**
     * A text.
     *
     * @param key its name
     * @return the value
     */
    public String text(String key) {
        return get(key, String.class);
    }

    /**
     * A text that may be absent.
     *
     * @param key its name
     * @return the value
     */
    public Optional<String> findText(String key) {
        return find(key, String.class);
    }

    /**
     * A whole number.
     *
     * @param key its name
     * @return the value
     */
    public long integer(String key) {
        return get(key, Long.class);
    }

    /**
     * A whole number that may be absent.
     *
     * @param key its name
     * @return the value
     */
    public Optional<Long> findInteger(String key) {
        return find(key, Long.class);
    }

    /**
     * A number.
     *
     * @param key its name
     * @return the value
     */
    public double number(String key) {
        return get(key, Double.class);
    }

    /**
     * A number that may be absent.
     *
     * @param key its name
     * @return the value
     */
    public Optional<Double> findNumber(String key) {
        return find(key, Double.class);
    }

    /**
     * True or false.
     *
     * @param key its name
     * @return the value
     */
    public boolean bool(String key) {
        return get(key, Boolean.class);
    }

    /**
     * A duration.
     *
     * @param key its name
     * @return the value
     */
    public Duration duration(String key) {
        return get(key, Duration.class);
    }

    /**
     * A duration that may be absent.
     *
     * @param key its name
     * @return the value
     */
    public Optional<Duration> findDuration(String key) {
        return find(key, Duration.class);
    }

    /**
     * A size.
     *
     * @param key its name
     * @return bytes
     */
    public long bytes(String key) {
        return get(key, Long.class);
    }

    /**
     * A path; a relative one is as it was written.
     *
     * @param key its name
     * @return the value
     */
    public Path file(String key) {
        return get(key, Path.class);
    }

    /**
     * A path that may be absent; a relative one is as it was written.
     *
     * @param key its name
     * @return the value
     */
    public Optional<Path> findFile(String key) {
        return find(key, Path.class);
    }

    /**
     * A secret that may be absent.
     *
     * @param key its name
     * @return the value
     */
    public Optional<Secret> findSecret(String key) {
        return find(key, Secret.class);
    }

    /**
     * A list of texts.
     *
     * @param key its name
     * @return the values; empty if it is absent
     */
    public List<String> texts(String key) {
        return list(key, String.class);
    }

    /**
     * A list of numbers.
     *
     * @param key its name
     * @return the values; empty if it is absent
     */
    public List<Double> numbers(String key) {
        return list(key, Double.class);
    }

    /**
     * Texts by name.
     *
     * @param key its name
     * @return the values in the order of the file; empty if it is absent
     */
    public Map<String, String> textMap(String key) {
        return map(key, String.class);
    }

    /**
     * The keys below a key, which may be absent.
     *
     * @param key its name
     * @return the section
     */
    public Optional<PluginConfig> object(String key) {
        return find(key, PluginConfig.class);
    }

    /**
     * A list of objects.
     *
     * @param key its name
     * @return the sections; empty if it is absent
     */
    public List<PluginConfig> objects(String key) {
        return list(key, PluginConfig.class);
    }

    /**
     * Objects by name.
     *
     * @param key its name
     * @return the sections in the order of the file; empty if it is absent
     */
    public Map<String, PluginConfig> namedObjects(String key) {
        return map(key, PluginConfig.class);
    }

    /**
     * What was written, for a key of type {@link ConfigKey.Type#ANY}.
     *
     * @param key its name
     * @return the node; empty if it is absent
     */
    public Optional<ConfigNode> node(String key) {
        return find(key, ConfigNode.class);
    }

    private <T> T get(String key, Class<T> type) {
        return find(key, type)
                .orElseThrow(() ->
                        new IllegalStateException(key + " may be absent by its schema; use the getter that says so"));
    }

    private <T> Optional<T> find(String key, Class<T> type) {
        Value value = values.get(key);
        return value == null ? Optional.empty() : Optional.of(type.cast(value.value()));
    }

    private <T> List<T> list(String key, Class<T> type) {
        return find(key, List.class)
                .map(all -> ((List<?>) all).stream().map(type::cast).toList())
                .orElse(List.of());
    }

    private <T> Map<String, T> map(String key, Class<T> type) {
        Optional<?> found = find(key, Map.class);
        if (found.isEmpty()) {
            return Map.of();
        }
        Map<String, T> all = new LinkedHashMap<>();
        ((Map<?, ?>) found.get()).forEach((name, value) -> all.put((String) name, type.cast(value)));
        return Collections.unmodifiableMap(all);
    }

    @Override
    public String toString() {
        return path + values.keySet();
    }
}
