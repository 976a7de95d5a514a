// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.config;

import dev.hyperion.ConfigException;
import dev.hyperion.ConfigProblem;
import dev.hyperion.HyperionException;
import dev.hyperion.spi.ConfigNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a YAML file into nodes with positions. No types are guessed and no objects are made; keys are not repeated; aliases
 * are limited by what they expand to, so that a small file stays small. Confined to one call.
 */
public final class YamlFile {
    private static final int MOST_NODES = 50_000;
    private static final int DEEPEST = 40;
    private static final int LARGEST = 1_000_000;

    private final String file;
    private final SecretReferences secrets;
    private final List<ConfigProblem> problems = new ArrayList<>();
    private int nodes;

    private YamlFile(String file, SecretReferences secrets) {
        this.file = file;
        this.secrets = secrets;
    }

    /**
     * Reads a file.
     *
     * @param path the file
     * @param secrets resolves {@code ${…}}
     * @return its content; without keys if it is empty
     * @throws ConfigException with everything that is wrong in it, a missing file too
     */
    public static ConfigNode.Mapping read(Path path, SecretReferences secrets) {
        return read(path.toString(), text(path), secrets);
    }

    private static String text(Path path) {
        try {
            if (Files.size(path) > LARGEST) {
                throw new ConfigException(new ConfigProblem(
                        path.toString(), 0, 0, "", "has " + Files.size(path) + " bytes; expected at most " + LARGEST));
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new ConfigException(
                    new ConfigProblem(path.toString(), 0, 0, "", "does not exist; check the path, or create the file"));
        } catch (MalformedInputException e) {
            throw new ConfigException(new ConfigProblem(path.toString(), 0, 0, "", "is not a text in UTF-8"));
        } catch (IOException e) {
            throw new ConfigException(new ConfigProblem(path.toString(), 0, 0, "", "cannot be read: " + e));
        }
    }

    /**
     * Reads a text.
     *
     * @param file what it is called in errors
     * @param text the YAML
     * @param secrets resolves {@code ${…}}
     * @return its content; without keys if it is empty
     * @throws ConfigException with everything that is wrong in it
     */
    public static ConfigNode.Mapping read(String file, String text, SecretReferences secrets) {
        YamlFile reader = new YamlFile(file, secrets);
        ConfigNode.Mapping mapping = reader.mapping(text);
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(reader.problems);
        }
        return mapping;
    }

    /**
     * Reads one section of a file, whatever is wrong in the others: a check that runs where their secrets are not set must not
     * fail for want of them.
     *
     * @param path the file
     * @param section its key at the top of the file
     * @param secrets resolves {@code ${…}}
     * @return the section; empty if it is not there
     * @throws ConfigException with everything that is wrong in the section, or the file as a whole
     */
    public static Optional<ConfigNode> section(Path path, String section, SecretReferences secrets) {
        YamlFile reader = new YamlFile(path.toString(), secrets);
        ConfigNode.Mapping all = reader.mapping(text(path));
        reader.problems.removeIf(problem -> !(problem.key() + ".").startsWith(section + ".")
                && !problem.key().startsWith(section + "["));
        if (!reader.problems.isEmpty()) {
            throw new ConfigException(reader.problems);
        }
        return Optional.ofNullable(all.entries().get(section)).map(ConfigNode.Entry::value);
    }

    private ConfigNode.Mapping mapping(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MOST_NODES); // what they expand to is limited below, with a place
        options.setNestingDepthLimit(DEEPEST);
        options.setCodePointLimit(LARGEST);
        Node root;
        try {
            root = new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw new ConfigException(new ConfigProblem(
                    file,
                    mark == null ? 0 : mark.getLine() + 1,
                    mark == null ? 0 : mark.getColumn() + 1,
                    "",
                    "is not YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            throw new ConfigException(new ConfigProblem(file, 0, 0, "", "is not YAML: " + e.getMessage()));
        }
        if (root == null || root.getTag().equals(Tag.NULL)) {
            return new ConfigNode.Mapping(Map.of(), new ConfigNode.Position(file, 1, 1));
        }
        if (!(root instanceof MappingNode top)) {
            throw new ConfigException(problem(root, "", "expected keys and values at the top of the file"));
        }
        return mapping(top, "", 0);
    }

    private ConfigNode.Mapping mapping(MappingNode node, String path, int depth) {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(problem(tuple.getKeyNode(), path, "has a key that is no plain text"));
                continue;
            }
            String full = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            if (entries.containsKey(key.getValue())) {
                problems.add(problem(key, full, "is there twice; keep one of the two"));
                continue;
            }
            node(tuple.getValueNode(), full, depth + 1)
                    .ifPresent(value -> entries.put(key.getValue(), new ConfigNode.Entry(position(key), value)));
        }
        return new ConfigNode.Mapping(entries, position(node));
    }

    /** Empty for a key without a value, which is as if it were not there. */
    private Optional<ConfigNode> node(Node node, String path, int depth) {
        if (++nodes > MOST_NODES || depth > DEEPEST) {
            throw new ConfigException(problem(
                    node,
                    path,
                    "makes the file more than " + MOST_NODES + " values or " + DEEPEST
                            + " levels; write out what aliases stand for"));
        }
        if (node instanceof MappingNode mapping) {
            return Optional.of(mapping(mapping, path, depth));
        }
        if (node instanceof SequenceNode sequence) {
            List<ConfigNode> items = new ArrayList<>();
            for (int i = 0; i < sequence.getValue().size(); i++) {
                node(sequence.getValue().get(i), path + "[" + i + "]", depth + 1)
                        .ifPresent(items::add);
            }
            return Optional.of(new ConfigNode.Sequence(items, position(node)));
        }
        ScalarNode scalar = (ScalarNode) node;
        if (scalar.getTag().equals(Tag.NULL) && scalar.isPlain()) {
            return Optional.empty();
        }
        try {
            SecretReferences.Resolved resolved = secrets.resolve(scalar.getValue());
            return Optional.of(new ConfigNode.Scalar(
                    resolved.text(),
                    resolved.secret() ? Optional.of(scalar.getValue()) : Optional.empty(),
                    position(node)));
        } catch (HyperionException e) {
            problems.add(problem(node, path, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private ConfigNode.Position position(Node node) {
        Mark mark = node.getStartMark();
        return new ConfigNode.Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private ConfigProblem problem(Node node, String key, String message) {
        ConfigNode.Position at = position(node);
        return new ConfigProblem(at.file(), at.line(), at.column(), key, message);
    }
}
