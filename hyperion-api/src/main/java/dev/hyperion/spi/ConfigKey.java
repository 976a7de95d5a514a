// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One key of a {@link ConfigSchema}. Made by the factory methods, refined by the others, each of which returns a new key.
 *
 * <p>Thread-safety: immutable.
 *
 * @param name its name, lower-case words joined by {@code _}
 * @param aliases other spellings of the same key
 * @param type the kind of its value
 * @param description one sentence for the reference page
 * @param required whether it must be there
 * @param fallback what holds if it is not there, as it would be written
 * @param min the least number or seconds or bytes allowed
 * @param max the most allowed
 * @param allowed the only texts allowed; empty for any
 * @param nested the keys below it, for objects
 */
public record ConfigKey(
        String name,
        List<String> aliases,
        Type type,
        String description,
        boolean required,
        Optional<String> fallback,
        OptionalDouble min,
        OptionalDouble max,
        List<String> allowed,
        Optional<ConfigSchema> nested) {
    /** Copies the lists. */
    public ConfigKey {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(fallback, "fallback");
        Objects.requireNonNull(min, "min");
        Objects.requireNonNull(max, "max");
        Objects.requireNonNull(nested, "nested");
        aliases = List.copyOf(aliases);
        allowed = List.copyOf(allowed);
    }

    /** The kind of a value. */
    public enum Type {
        /** Any text. */
        TEXT("a text"),
        /** A whole number. */
        INTEGER("a whole number"),
        /** A number. */
        NUMBER("a number"),
        /** {@code true} or {@code false}. */
        BOOLEAN("true or false"),
        /** A time such as {@code 30m}, {@code 120s} or {@code 1h30m}; a plain number under a key ending in _seconds. */
        DURATION("a duration such as 500ms, 120s or 30m"),
        /** Bytes such as {@code 64MiB}, or a plain number of them. */
        SIZE("a size such as 64MiB, or a number of bytes"),
        /** A path; a relative one counts from the folder of the file it stands in. */
        PATH("a path"),
        /** A text that is never shown. */
        SECRET("a secret such as ${NAME} or ${file:path}"),
        /** A list of texts, or one text. */
        TEXTS("a list of texts"),
        /** A list of numbers, or one number. */
        NUMBERS("a list of numbers"),
        /** Texts by name. */
        TEXT_MAP("names with texts"),
        /** Keys of their own. */
        OBJECT("keys and values"),
        /** A list of objects. */
        OBJECTS("a list of objects"),
        /** Objects by name. */
        NAMED_OBJECTS("names with objects"),
        /** Whatever is written; somebody else checks it. */
        ANY("anything");

        private final String expected;

        Type(String expected) {
            this.expected = expected;
        }

        String expected() {
            return expected;
        }
    }

    /**
     * A key of some type, optional and without a fallback.
     *
     * @param name its name
     * @param type the kind of its value
     * @param description one sentence for the reference page
     * @return the key
     */
    public static ConfigKey of(String name, Type type, String description) {
        return new ConfigKey(
                name,
                List.of(),
                type,
                description,
                false,
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                List.of(),
                Optional.empty());
    }

    /**
     * A key with keys below it.
     *
     * @param name its name
     * @param type {@link Type#OBJECT}, {@link Type#OBJECTS} or {@link Type#NAMED_OBJECTS}
     * @param nested the keys below it
     * @param description one sentence for the reference page
     * @return the key
     */
    public static ConfigKey of(String name, Type type, ConfigSchema nested, String description) {
        return new ConfigKey(
                name,
                List.of(),
                type,
                description,
                false,
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                List.of(),
                Optional.of(nested));
    }

    /**
     * The same key, which must be there.
     *
     * @return a new key
     */
    public ConfigKey mandatory() {
        return new ConfigKey(name, aliases, type, description, true, fallback, min, max, allowed, nested);
    }

    /**
     * The same key with a fallback.
     *
     * @param text what holds if it is not there, as it would be written
     * @return a new key
     */
    public ConfigKey orElse(String text) {
        return new ConfigKey(name, aliases, type, description, required, Optional.of(text), min, max, allowed, nested);
    }

    /**
     * The same key with a range.
     *
     * @param least the least allowed: a number, seconds or bytes
     * @param most the most allowed
     * @return a new key
     */
    public ConfigKey range(double least, double most) {
        return new ConfigKey(
                name,
                aliases,
                type,
                description,
                required,
                fallback,
                OptionalDouble.of(least),
                OptionalDouble.of(most),
                allowed,
                nested);
    }

    /**
     * The same key with a lower bound.
     *
     * @param least the least allowed: a number, seconds or bytes
     * @return a new key
     */
    public ConfigKey atLeast(double least) {
        return new ConfigKey(
                name, aliases, type, description, required, fallback, OptionalDouble.of(least), max, allowed, nested);
    }

    /**
     * The same key with a closed choice.
     *
     * @param texts the only texts allowed
     * @return a new key
     */
    public ConfigKey oneOf(String... texts) {
        return new ConfigKey(name, aliases, type, description, required, fallback, min, max, List.of(texts), nested);
    }

    /**
     * The same key with other spellings.
     *
     * @param others spellings that mean the same; both set to different values is an error
     * @return a new key
     */
    public ConfigKey also(String... others) {
        return new ConfigKey(name, List.of(others), type, description, required, fallback, min, max, allowed, nested);
    }
}
