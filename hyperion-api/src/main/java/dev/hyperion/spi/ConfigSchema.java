// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ConfigException;
import dev.hyperion.ConfigProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of a section of the configuration, declared once: parsing, errors and the reference page come from it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param keys in the order of the reference page; names and aliases differ from each other
 */
public record ConfigSchema(List<ConfigKey> keys) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if two keys share a spelling
     */
    public ConfigSchema {
        keys = List.copyOf(keys);
        List<String> spellings = spellings(keys);
        if (spellings.stream().distinct().count() != spellings.size()) {
            throw new IllegalArgumentException("two keys of a schema share a spelling: " + spellings);
        }
    }

    /**
     * A schema of these keys.
     *
     * @param keys in the order of the reference page
     * @return the schema
     */
    public static ConfigSchema of(ConfigKey... keys) {
        return new ConfigSchema(List.of(keys));
    }

    /**
     * A schema without keys.
     *
     * @return the empty schema
     */
    public static ConfigSchema empty() {
        return new ConfigSchema(List.of());
    }

    /**
     * This schema with the keys of another.
     *
     * @param other what is added
     * @return a new schema
     */
    public ConfigSchema and(ConfigSchema other) {
        List<ConfigKey> all = new ArrayList<>(keys);
        all.addAll(other.keys);
        return new ConfigSchema(all);
    }

    /**
     * Reads a section.
     *
     * @param section what was written
     * @param path the key of the section itself, such as {@code plugins.embedded}; empty for a whole file
     * @return its values
     * @throws ConfigException with everything that is wrong in it
     */
    public PluginConfig parse(ConfigNode.Mapping section, String path) {
        List<ConfigProblem> problems = new ArrayList<>();
        PluginConfig config = new SectionParser(path, problems).parse(this, section);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    static List<String> spellings(List<ConfigKey> keys) {
        List<String> all = new ArrayList<>();
        for (ConfigKey key : keys) {
            all.add(key.name());
            all.addAll(key.aliases());
        }
        return all;
    }
}
