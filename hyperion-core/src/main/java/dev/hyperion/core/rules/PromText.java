// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.rules;

import java.time.Duration;

/** Texts, numbers and times as both PromQL and YAML read them. */
final class PromText {
    private PromText() {}

    /** In double quotes. Both languages know these escapes; what neither can carry becomes U+FFFD. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c == '\n') {
                quoted.append("\\n");
            } else if (c >= 0xd800 && c <= 0xdfff) {
                quoted.append("\\ufffd");
            } else if (c < 0x20
                    || (c >= 0x7f && c < 0xa0)
                    || c == 0x2028
                    || c == 0x2029
                    || c == 0xfeff
                    || c == 0xfffe
                    || c == 0xffff) {
                quoted.append(String.format("\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }

    /** A text of a rule is a template there: braces that are meant as such are said in its own words. */
    static String literal(String text) {
        return text.replace("{{", "{{\"{{\"}}");
    }

    static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    static String time(Duration time) {
        long millis = time.toMillis();
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    /** One line that cannot end a comment. */
    static String line(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cs}\\u2028\\u2029\\ufeff]+", " ");
    }
}
