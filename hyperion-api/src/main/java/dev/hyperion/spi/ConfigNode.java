// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A piece of configuration as it was written, with the place where it stands. Secrets are resolved already. */
public sealed interface ConfigNode {
    /**
     * Where it stands.
     *
     * @return file, line and column
     */
    Position position();

    /**
     * A place in a file.
     *
     * <p>Thread-safety: immutable.
     *
     * @param file the file as the user named it
     * @param line 1-based, 0 where there is none
     * @param column 1-based, 0 where there is none
     */
    record Position(String file, int line, int column) {
        /** For configuration made in code. */
        public static final Position IN_MEMORY = new Position("<memory>", 0, 0);

        /** Checks that nothing is null. */
        public Position {
            Objects.requireNonNull(file, "file");
        }

        @Override
        public String toString() {
            return line > 0 ? file + ":" + line + ":" + column : file;
        }
    }

    /**
     * One value.
     *
     * <p>Thread-safety: immutable.
     *
     * @param text the value, without quotes
     * @param reference what was written in its stead, if that names a variable or a file: {@code ${NAME}}
     * @param position where it stands
     */
    record Scalar(String text, Optional<String> reference, Position position) implements ConfigNode {
        /** Checks that nothing is null. */
        public Scalar {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(reference, "reference");
            Objects.requireNonNull(position, "position");
        }

        /**
         * A value that was written as it is.
         *
         * @param text the value, without quotes
         * @param position where it stands
         */
        public Scalar(String text, Position position) {
            this(text, Optional.empty(), position);
        }

        /**
         * Whether it must not be shown.
         *
         * @return true if it came from a variable or a file
         */
        public boolean secret() {
            return reference.isPresent();
        }

        @Override
        public String toString() {
            return secret() ? "***" : text;
        }
    }

    /**
     * A list.
     *
     * <p>Thread-safety: immutable.
     *
     * @param items in order
     * @param position where it stands
     */
    record Sequence(List<ConfigNode> items, Position position) implements ConfigNode {
        /** Copies the list. */
        public Sequence {
            items = List.copyOf(items);
            Objects.requireNonNull(position, "position");
        }
    }

    /**
     * Keys and values.
     *
     * <p>Thread-safety: immutable.
     *
     * @param entries by key, in the order of the file
     * @param position where it stands
     */
    record Mapping(Map<String, Entry> entries, Position position) implements ConfigNode {
        /** Copies the map. */
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
            Objects.requireNonNull(position, "position");
        }

        /**
         * Nothing configured.
         *
         * @return a mapping without entries
         */
        public static Mapping empty() {
            return new Mapping(Map.of(), Position.IN_MEMORY);
        }

        /**
         * Configuration made in code.
         *
         * @param values strings, numbers, booleans, lists and maps of them
         * @return the mapping
         * @throws IllegalArgumentException if there is a value of another kind
         */
        public static Mapping of(Map<String, ?> values) {
            Map<String, Entry> entries = new LinkedHashMap<>();
            values.forEach((key, value) -> entries.put(key, new Entry(Position.IN_MEMORY, node(value))));
            return new Mapping(entries, Position.IN_MEMORY);
        }

        private static ConfigNode node(Object value) {
            if (value instanceof Map<?, ?> map) {
                Map<String, Object> named = new LinkedHashMap<>();
                map.forEach((key, each) -> named.put(String.valueOf(key), each));
                return of(named);
            }
            if (value instanceof List<?> list) {
                List<ConfigNode> items = new ArrayList<>();
                list.forEach(each -> items.add(node(each)));
                return new Sequence(items, Position.IN_MEMORY);
            }
            if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
                return new Scalar(value.toString(), Position.IN_MEMORY);
            }
            throw new IllegalArgumentException("configuration cannot hold " + value + " of " + value.getClass());
        }
    }

    /**
     * A value with the place of its key.
     *
     * <p>Thread-safety: immutable.
     *
     * @param key where the key stands
     * @param value the value
     */
    record Entry(Position key, ConfigNode value) {
        /** Checks that nothing is null. */
        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }
    }
}
