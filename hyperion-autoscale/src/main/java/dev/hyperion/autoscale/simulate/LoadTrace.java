// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.simulate;

import dev.hyperion.HyperionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The load of an application over time, from a CSV file with the columns {@code timestamp} and {@code value}: a time such as
 * {@code 2014-04-10 00:04:00} (taken as UTC) or in ISO 8601, and a number of 0 or more. A value holds until the next row; where the
 * next row is further away than usual, the load in between is not known.
 *
 * <p>Thread-safety: immutable.
 */
public final class LoadTrace {
    private static final DateTimeFormatter PLAIN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final String name;
    private final long[] seconds;
    private final double[] loads;
    private final long step;
    private final List<String> notes;

    private LoadTrace(String name, long[] seconds, double[] loads, long step, List<String> notes) {
        this.name = name;
        this.seconds = seconds;
        this.loads = loads;
        this.step = step;
        this.notes = List.copyOf(notes);
    }

    /**
     * Reads a file.
     *
     * @param file the CSV file
     * @return the trace
     * @throws HyperionException if it cannot be read, has fewer than two rows, or a row is no time and number, or not later
     *     than the one before; the message names file and row
     */
    public static LoadTrace read(Path file) {
        String name =
                Objects.requireNonNull(file.getFileName(), "a trace is a file").toString();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(name, lines);
        } catch (NoSuchFileException e) {
            throw new HyperionException("trace " + file + " does not exist");
        } catch (IOException e) {
            throw new HyperionException("trace " + file + " cannot be read: " + e);
        }
    }

    /**
     * Reads the text of a file.
     *
     * @param name the file's name, for messages
     * @param lines its lines, the header first
     * @return the trace
     * @throws IOException if reading fails
     * @throws HyperionException as {@link #read(Path)}
     */
    public static LoadTrace read(String name, BufferedReader lines) throws IOException {
        String header = lines.readLine();
        if (header == null || !header.strip().replace("\uFEFF", "").equals("timestamp,value")) {
            throw new HyperionException(name + ":1: the header is '" + header + "'; expected timestamp,value");
        }
        long[] seconds = new long[1_024];
        double[] loads = new double[1_024];
        int size = 0;
        int row = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            row++;
            if (line.isBlank()) {
                continue;
            }
            if (size == seconds.length) {
                seconds = Arrays.copyOf(seconds, size * 2);
                loads = Arrays.copyOf(loads, size * 2);
            }
            int comma = line.indexOf(',');
            if (comma < 0 || line.indexOf(',', comma + 1) >= 0) {
                throw new HyperionException(name + ":" + row + ": '" + line + "' has not two columns");
            }
            seconds[size] = time(name, row, line.substring(0, comma).strip());
            loads[size] = number(name, row, line.substring(comma + 1).strip());
            if (size > 0 && seconds[size] <= seconds[size - 1]) {
                throw new HyperionException(name + ":" + row + ": " + line.substring(0, comma) + " is "
                        + (seconds[size] == seconds[size - 1] ? "there twice" : "earlier than the row before")
                        + "; expected one row for each time, oldest first");
            }
            size++;
        }
        if (size < 2) {
            throw new HyperionException(name + " has " + size + " rows; expected two or more");
        }
        return of(name, Arrays.copyOf(seconds, size), Arrays.copyOf(loads, size));
    }

    /**
     * Reads a text.
     *
     * @param name what it is called in messages
     * @param text the whole of it, the header first
     * @return the trace
     * @throws HyperionException as {@link #read(Path)}
     */
    public static LoadTrace parse(String name, String text) {
        try (BufferedReader lines = new BufferedReader(new StringReader(text))) {
            return read(name, lines);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private static LoadTrace of(String name, long[] seconds, double[] loads) {
        long[] steps = new long[seconds.length - 1];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = seconds[i + 1] - seconds[i];
        }
        long[] sorted = steps.clone();
        Arrays.sort(sorted);
        long usual = sorted[sorted.length / 2];
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < steps.length; i++) {
            if (steps[i] > usual) {
                notes.add(name + ":" + (i + 3) + ": a gap of "
                        + Duration.ofSeconds(steps[i] - usual).toSeconds() + " s before "
                        + Instant.ofEpochSecond(seconds[i + 1]) + "; the load in it is not known");
            }
        }
        return new LoadTrace(name, seconds, loads, usual, notes);
    }

    private static long time(String name, int row, String text) {
        try {
            return text.indexOf('T') >= 0
                    ? Instant.parse(text).getEpochSecond()
                    : LocalDateTime.parse(text, PLAIN).toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new HyperionException(
                    name + ":" + row + ": timestamp '" + text + "' is no time; expected the form 2014-04-10 00:04:00");
        }
    }

    private static double number(String name, int row, String text) {
        try {
            double load = Double.parseDouble(text);
            if (!Character.isDigit(text.charAt(text.length() - 1)) && Double.isFinite(load) && !text.endsWith(".")) {
                throw new NumberFormatException(text); // Java's own 12d and 12f are a typing error in a file
            }
            if (load >= 0 && load <= Double.MAX_VALUE) {
                return load;
            }
        } catch (NumberFormatException e) {
            throw new HyperionException(name + ":" + row + ": value '" + text + "' is no number");
        }
        throw new HyperionException(name + ":" + row + ": value '" + text + "' is no load; expected 0 or more");
    }

    /**
     * The file's name.
     *
     * @return without folders
     */
    public String name() {
        return name;
    }

    /**
     * When it begins.
     *
     * @return the time of the first row
     */
    public Instant begin() {
        return Instant.ofEpochSecond(seconds[0]);
    }

    /**
     * How long it is, the last row's own time included.
     *
     * @return more than zero
     */
    public Duration length() {
        return Duration.ofSeconds(seconds[seconds.length - 1] + step - seconds[0]);
    }

    /**
     * The usual time from row to row.
     *
     * @return the median
     */
    public Duration step() {
        return Duration.ofSeconds(step);
    }

    /**
     * What is odd about it without making it unusable.
     *
     * @return a line for each gap, with file and row
     */
    public List<String> notes() {
        return notes;
    }

    /**
     * The largest load.
     *
     * @return 0 or more
     */
    public double peak() {
        return Arrays.stream(loads).max().orElseThrow();
    }

    /** The same load with more notes, before the others. */
    LoadTrace noting(List<String> more) {
        List<String> all = new ArrayList<>(more);
        all.addAll(notes);
        return new LoadTrace(name, seconds, loads, step, all);
    }

    /** Walks the trace forward. Thread-safety: confined. */
    final class Cursor {
        private int at;

        /** The load at a time that is not before the last one asked for; NaN where it is not known. */
        double at(long second) {
            while (at + 1 < seconds.length && seconds[at + 1] <= second) {
                at++;
            }
            return second - seconds[at] < step ? loads[at] : Double.NaN;
        }
    }

    Cursor cursor() {
        return new Cursor();
    }
}
