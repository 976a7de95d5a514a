// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;

/** Reads the {@code Retry-After} header of RFC 9110, section 10.2.3. */
final class RetryAfter {
    /** A receiver that asks for more is asked again after this: an alert that waits for a day has been lost. */
    static final Duration LONGEST = Duration.ofHours(1);

    /** The three forms of a date that section 5.6.7 wants to be understood; the second one has two digits of the year. */
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 2_000)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC));

    private RetryAfter() {}

    /** How long to wait from now; zero for a moment that has passed and for what cannot be read. */
    static Duration read(String header, Instant now) {
        String text = header.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            // more digits than that are more than an hour in any case
            return text.length() > 9 ? LONGEST : atMost(Duration.ofSeconds(Long.parseLong(text)));
        }
        for (DateTimeFormatter form : DATES) {
            try {
                Duration wait = Duration.between(now, form.parse(text, Instant::from));
                return wait.isNegative() ? Duration.ZERO : atMost(wait);
            } catch (DateTimeException e) {
                // another form, or none
            }
        }
        return Duration.ZERO;
    }

    private static Duration atMost(Duration wait) {
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }
}
