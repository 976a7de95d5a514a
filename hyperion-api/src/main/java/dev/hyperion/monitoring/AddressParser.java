// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.HyperionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Takes apart {@code name[{tag="v",...}][.stat]}.
 *
 * <p>A text without tags such as {@code latency.p95} has two readings: the statistic p95 of {@code latency}, and a meter
 * of that whole name. Which one is meant only the meters can tell, so both are handed out and the whole name wins where it
 * exists.
 *
 * <p>Thread-safety: confined to one call.
 */
final class AddressParser {
    private static final String GRAMMAR =
            "expected name{tag=\"value\",...}.stat, such as latency{version=\"1.4.0\"}.p95";

    private final String text;
    private int at;

    private AddressParser(String text) {
        this.text = text;
    }

    /**
     * The parts of an address.
     *
     * @param name the meter's name if {@code stat} is a statistic
     * @param tags what a series must carry to be meant
     * @param stat the statistic's word, such as {@code p95}; empty if none was written
     */
    record Parts(String name, Map<String, String> tags, String stat) {}

    static Parts parse(String text) {
        if (text.isBlank()) {
            throw new HyperionException("metric address is empty; " + GRAMMAR);
        }
        int brace = text.indexOf('{');
        if (brace >= 0) {
            return new AddressParser(text).withTags(brace);
        }
        if (text.indexOf('}') >= 0 || text.indexOf('"') >= 0 || text.chars().anyMatch(Character::isWhitespace)) {
            throw wrong(text, "it has a character that no meter name has");
        }
        int dot = text.lastIndexOf('.');
        if (dot > 0 && Statistic.ofWord(text.substring(dot + 1)).isPresent()) {
            return new Parts(text.substring(0, dot), Map.of(), text.substring(dot + 1));
        }
        return new Parts(text, Map.of(), "");
    }

    /** The sides of {@code address / address}, or the one address there is. The slash stands between spaces. */
    static List<String> sides(String metric) {
        List<String> sides = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < metric.length(); i++) {
            char c = metric.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '/' && spaceAt(metric, i - 1) && spaceAt(metric, i + 1)) {
                sides.add(metric.substring(start, i).strip());
                start = i + 1;
            }
        }
        sides.add(metric.substring(start).strip());
        if (sides.size() > 2) {
            throw new HyperionException(
                    "metric " + metric + " divides more than once; expected one address, or two with ' / ' between");
        }
        return sides;
    }

    private static boolean spaceAt(String text, int index) {
        return index >= 0 && index < text.length() && Character.isWhitespace(text.charAt(index));
    }

    private Parts withTags(int brace) {
        String name = text.substring(0, brace).strip();
        if (name.isEmpty()) {
            throw wrong(text, "the name before '{' is missing");
        }
        at = brace + 1;
        Map<String, String> tags = new TreeMap<>();
        skipSpace();
        while (at < text.length() && text.charAt(at) != '}') {
            String key = key();
            expect('=');
            if (tags.put(key, quoted()) != null) {
                throw wrong(text, "tag " + key + " is given twice");
            }
            skipSpace();
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
                skipSpace();
            } else if (at >= text.length() || text.charAt(at) != '}') {
                throw wrong(text, "there is no ',' or '}' after tag " + key);
            }
        }
        expect('}');
        String rest = text.substring(at);
        if (rest.isEmpty()) {
            return new Parts(name, tags, "");
        }
        if (!rest.startsWith(".") || Statistic.ofWord(rest.substring(1)).isEmpty()) {
            throw wrong(text, "'" + rest + "' is no statistic (" + words() + ")");
        }
        return new Parts(name, tags, rest.substring(1));
    }

    private String key() {
        int start = at;
        while (at < text.length() && "=,}\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String key = text.substring(start, at).strip();
        if (key.isEmpty()) {
            throw wrong(text, "a tag has no name");
        }
        return key;
    }

    private String quoted() {
        skipSpace();
        expect('"');
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
                value.append(c == 'n' ? '\n' : c);
            } else {
                value.append(c);
            }
        }
        expect('"');
        return value.toString();
    }

    private void expect(char wanted) {
        if (at >= text.length() || text.charAt(at) != wanted) {
            throw wrong(text, "there is no '" + wanted + "' at character " + (at + 1));
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Writes an address so that parsing it gives the same parts. */
    static String format(String name, Map<String, String> tags, Optional<Statistic> stat) {
        StringBuilder address = new StringBuilder(name);
        if (!tags.isEmpty()) {
            address.append(new TreeMap<>(tags)
                    .entrySet().stream()
                            .map(tag -> tag.getKey() + "=\"" + escaped(tag.getValue()) + "\"")
                            .collect(Collectors.joining(",", "{", "}")));
        }
        stat.ifPresent(statistic -> address.append('.').append(statistic.word()));
        return address.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String words() {
        return Arrays.stream(Statistic.values()).map(Statistic::word).collect(Collectors.joining(" "));
    }

    private static HyperionException wrong(String text, String why) {
        return new HyperionException("metric address " + text + ": " + why + "; " + GRAMMAR);
    }
}
