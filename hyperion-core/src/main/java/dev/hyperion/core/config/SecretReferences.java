// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.config;

import dev.hyperion.HyperionException;
import dev.hyperion.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resolves {@code ${NAME}} from the environment and {@code ${file:path}} from files. Thread-safety: immutable. */
public final class SecretReferences {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(file:)?([^}]*)}");

    private final Map<String, String> environment;
    private final Path folder;

    /**
     * Creates a resolver.
     *
     * @param environment variables by name
     * @param folder where relative paths count from
     */
    public SecretReferences(Map<String, String> environment, Path folder) {
        this.environment = Map.copyOf(environment);
        this.folder = folder;
    }

    /**
     * A text with its references replaced.
     *
     * @param text the text
     * @param secret whether there was any, so that it must not be shown
     */
    public record Resolved(String text, boolean secret) {}

    /**
     * Replaces the references in a text.
     *
     * @param text what was written
     * @return the text to use
     * @throws HyperionException if a variable or file is not there
     */
    public Resolved resolve(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        if (!matcher.find()) {
            return new Resolved(text, false);
        }
        StringBuilder resolved = new StringBuilder();
        do {
            String value = matcher.group(1) == null ? variable(matcher.group(2)) : file(matcher.group(2));
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(value));
        } while (matcher.find());
        return new Resolved(matcher.appendTail(resolved).toString(), true);
    }

    /**
     * Resolves one reference.
     *
     * @param reference {@code ${NAME}} or {@code ${file:path}}
     * @return the secret
     * @throws HyperionException if it is no reference, or there is nothing behind it
     */
    public Secret secret(String reference) {
        if (!REFERENCE.matcher(reference).matches()) {
            throw new HyperionException("secret reference is not ${NAME} or ${file:path}");
        }
        return Secret.of(resolve(reference).text());
    }

    private String variable(String name) {
        String value = environment.get(name);
        if (value == null) {
            throw new HyperionException("names the environment variable " + name + ", which is not set; set it");
        }
        return value;
    }

    private String file(String name) {
        Path path = folder.resolve(name);
        try {
            return Files.readString(path).strip();
        } catch (IOException e) {
            throw new HyperionException("names the file " + path + ", which cannot be read (" + e + ")");
        }
    }
}
