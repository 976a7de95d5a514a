// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionException;
import java.util.Map;
import java.util.TreeMap;

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
    record Parts(String name, Map<String, String> tags, String stat) {

        /** The other reading of a text without tags: a meter whose name ends like a statistic. */
        String wholeName() {
            return stat.isEmpty() ? name : name + "." + stat;
        }

        boolean ambiguous() {
            return tags.isEmpty() && !stat.isEmpty();
        }
    }

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
        if (dot > 0 && StatisticWords.isStatistic(text.substring(dot + 1))) {
            return new Parts(text.substring(0, dot), Map.of(), text.substring(dot + 1));
        }
        return new Parts(text, Map.of(), "");
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
        if (!rest.startsWith(".") || !StatisticWords.isStatistic(rest.substring(1))) {
            throw wrong(text, "'" + rest + "' is no statistic (" + StatisticWords.all() + ")");
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

    private static HyperionException wrong(String text, String why) {
        return new HyperionException("metric address " + text + ": " + why + "; " + GRAMMAR);
    }
}
