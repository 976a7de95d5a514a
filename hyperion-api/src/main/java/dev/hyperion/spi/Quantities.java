// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations and sizes as configurations write them. */
final class Quantities {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|us|ns|s|m|h|d)");
    private static final Pattern WHOLE = Pattern.compile("(?:[0-9]+(?:\\.[0-9]+)?(?:ms|us|ns|s|m|h|d))+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:\\.[0-9]+)?");
    private static final Pattern SIZE = Pattern.compile("([0-9]+)\\s*([a-z]*)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);
    private static final Map<String, Long> BYTES = Map.of(
            "", 1L,
            "b", 1L,
            "kb", 1_000L,
            "mb", 1_000_000L,
            "gb", 1_000_000_000L,
            "kib", 1L << 10,
            "mib", 1L << 20,
            "gib", 1L << 30);
    private static final int LONGEST = 40;

    private Quantities() {}

    static Optional<Duration> duration(String text, boolean plainIsSeconds) {
        String word = text.strip().toLowerCase(Locale.ROOT).replace(" ", "");
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        if (NUMBER.matcher(word).matches()) {
            return plainIsSeconds || new BigDecimal(word).signum() == 0
                    ? nanos(word, 1_000_000_000L)
                    : Optional.empty();
        }
        if (!WHOLE.matcher(word).matches()) {
            return Optional.empty();
        }
        Duration total = Duration.ZERO;
        Matcher part = PART.matcher(word);
        while (part.find()) {
            Optional<Duration> each = nanos(part.group(1), NANOS.getOrDefault(part.group(2), 0L));
            if (each.isEmpty()) {
                return each;
            }
            total = total.plus(each.get());
        }
        return Optional.of(total);
    }

    private static Optional<Duration> nanos(String number, long unit) {
        try {
            return Optional.of(Duration.ofNanos(new BigDecimal(number)
                    .multiply(BigDecimal.valueOf(unit))
                    .toBigInteger()
                    .longValueExact()));
        } catch (ArithmeticException e) {
            return Optional.empty(); // longer than 292 years
        }
    }

    static Optional<Long> bytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches() || !BYTES.containsKey(matcher.group(2))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Math.multiplyExact(Long.parseLong(matcher.group(1)), BYTES.getOrDefault(matcher.group(2), 1L)));
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
