// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.schedule;

import dev.hyperion.HyperionException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When something begins, in the five fields of {@code crontab(5)}: minute, hour, day of month, month, day of week. Each is
 * {@code *}, a value, a range {@code a-b}, a step {@code a-b/n} or {@code * /n} without the space, or a list of those;
 * months and days of the week may be English names of three letters, and 7 is Sunday as 0 is. As in cron, a day matches if
 * either of the two day fields does when both are restricted.
 *
 * <p>Times are local times of a zone. One that a clock change skips is taken as that much later, one that comes twice begins
 * once, at its first coming.
 *
 * <p>Thread-safety: immutable.
 */
public final class CronExpression {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean anyDayOfMonth;
    private final boolean anyDayOfWeek;

    private CronExpression(String text, String[] fields) {
        this.text = text;
        this.minutes = parse("minute", fields[0], 0, 59, List.of(), 0);
        this.hours = parse("hour", fields[1], 0, 23, List.of(), 0);
        this.daysOfMonth = parse("day of month", fields[2], 1, 31, List.of(), 0);
        this.months = parse("month", fields[3], 1, 12, MONTHS, 1);
        this.daysOfWeek = parse("day of week", fields[4], 0, 7, DAYS, 0);
        if (daysOfWeek.get(7)) {
            daysOfWeek.set(0);
        }
        this.anyDayOfMonth = fields[2].startsWith("*");
        this.anyDayOfWeek = fields[4].startsWith("*");
    }

    /**
     * Reads an expression.
     *
     * @param text five fields
     * @return the expression
     * @throws HyperionException if it has not five fields, or one of them cannot be read or never matches
     */
    public static CronExpression parse(String text) {
        String[] fields = text.strip().split("\\s+", -1);
        if (fields.length != 5) {
            throw new HyperionException("cron '" + text + "' has " + fields.length
                    + " fields; expected five: minute, hour, day of month, month, day of week");
        }
        return new CronExpression(text, fields);
    }

    private BitSet parse(String what, String field, int least, int most, List<String> names, int firstName) {
        BitSet values = new BitSet(most + 1);
        for (String part : field.split(",", -1)) {
            int slash = part.indexOf('/');
            String range = slash < 0 ? part : part.substring(0, slash);
            int step = slash < 0 ? 1 : number(what, part.substring(slash + 1), List.of(), 0);
            int dash = range.indexOf('-');
            int from = least;
            int to = most;
            if (!range.equals("*")) {
                from = number(what, dash < 0 ? range : range.substring(0, dash), names, firstName);
                to = dash < 0 ? (slash < 0 ? from : most) : number(what, range.substring(dash + 1), names, firstName);
            }
            if (from < least || to > most || from > to || step < 1) {
                throw new HyperionException("cron '" + text + "' has the " + what + " '" + part + "'; expected " + least
                        + " to " + most + ", the smaller first");
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private int number(String what, String word, List<String> names, int firstName) {
        int named = names.indexOf(word.toLowerCase(Locale.ROOT));
        if (named >= 0) {
            return named + firstName;
        }
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new HyperionException("cron '" + text + "' has the " + what + " '" + word + "', which is no number"
                    + (names.isEmpty() ? "" : " and none of " + names));
        }
    }

    /**
     * The newest time that matches.
     *
     * @param now not later than this
     * @param days how many days to look back, 1 or more
     * @return empty if none of those days matches
     */
    Optional<ZonedDateTime> lastAt(ZonedDateTime now, int days) {
        LocalDate today = now.toLocalDate();
        for (int back = 0; back <= days; back++) {
            LocalDate day = today.minusDays(back);
            if (!matches(day)) {
                continue;
            }
            for (LocalTime time = latest(LocalTime.of(23, 59)); time != null; time = before(time)) {
                ZonedDateTime at = LocalDateTime.of(day, time).atZone(now.getZone());
                if (!at.isAfter(now)) {
                    return Optional.of(at);
                }
            }
        }
        return Optional.empty();
    }

    private boolean matches(LocalDate day) {
        if (!months.get(day.getMonthValue())) {
            return false;
        }
        boolean byMonth = daysOfMonth.get(day.getDayOfMonth());
        boolean byWeek = daysOfWeek.get(day.getDayOfWeek().getValue() % 7);
        return (anyDayOfMonth || anyDayOfWeek) ? (byMonth && byWeek) : (byMonth || byWeek);
    }

    private @Nullable LocalTime before(LocalTime time) {
        return time.equals(LocalTime.MIDNIGHT) ? null : latest(time.minusMinutes(1));
    }

    private @Nullable LocalTime latest(LocalTime most) {
        int hour = hours.previousSetBit(most.getHour());
        if (hour < 0) {
            return null;
        }
        if (hour == most.getHour()) {
            int minute = minutes.previousSetBit(most.getMinute());
            if (minute >= 0) {
                return LocalTime.of(hour, minute);
            }
            hour = hour == 0 ? -1 : hours.previousSetBit(hour - 1);
        }
        return hour < 0 ? null : LocalTime.of(hour, minutes.previousSetBit(59));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CronExpression cron && cron.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
