// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import dev.hyperion.HyperionException;
import dev.hyperion.core.record.HistogramWire;
import dev.hyperion.core.record.WireReader;
import dev.hyperion.core.record.WireWriter;
import dev.hyperion.monitoring.Distribution;
import java.time.Duration;

/**
 * A slot as bytes: 10 for one reading of a gauge, 36 for several, some 5 for a counter, that and a histogram for a timer.
 *
 * <p>Thread-safety: thread-safe.
 */
final class SlotBytes {
    private static final int READING = 0;
    private static final int LEVEL = 1;
    private static final int COUNTED = 2;
    private static final int TIMED = 3;
    private static final int RECORDED = 4;
    private static final int TOLD = 5;

    private SlotBytes() {}

    static byte[] write(Slot slot) {
        WireWriter out = new WireWriter(48);
        if (slot instanceof Slot.Level level) {
            level(level, out);
        } else if (slot instanceof Slot.Counted counted) {
            out.octet(COUNTED);
            number(counted.count(), out);
            length(counted.length(), out);
        } else if (slot instanceof Slot.Timed timed) {
            out.octet(TIMED);
            number(timed.count(), out);
            out.float64(timed.sum());
            length(timed.length(), out);
        } else if (slot instanceof Slot.Recorded recorded) {
            out.octet(RECORDED);
            length(recorded.length(), out);
            out.octets(HistogramWire.write(recorded.copy()));
        } else if (slot instanceof Slot.Told told) {
            out.octet(TOLD);
            length(told.length(), out);
            distribution(told.distribution(), out);
        }
        return out.toBytes();
    }

    /**
     * Reads a slot.
     *
     * @throws HyperionException if the bytes are no slot
     */
    static Slot read(byte[] bytes) {
        WireReader in = new WireReader("timeline slot", bytes);
        int kind = in.octet();
        Slot slot = switch (kind) {
            case READING -> Slot.Level.of(in.float64());
            case LEVEL ->
                new Slot.Level(Math.max(1, in.varint()), in.float64(), in.float64(), in.float64(), in.float64());
            case COUNTED -> new Slot.Counted(number(in), length(in));
            case TIMED -> new Slot.Timed(number(in), in.float64(), length(in));
            case RECORDED -> {
                Duration length = length(in);
                yield new Slot.Recorded(HistogramWire.read(in.octets(in.left())), length);
            }
            case TOLD -> {
                Duration length = length(in);
                yield new Slot.Told(distribution(in), length);
            }
            default -> throw in.wrong("is of kind " + kind + "; expected " + READING + " to " + TOLD);
        };
        in.requireEnd();
        return slot;
    }

    private static void level(Slot.Level level, WireWriter out) {
        if (level.readings() == 1) {
            out.octet(READING);
            out.float64(level.last());
            return;
        }
        out.octet(LEVEL);
        out.varint(level.readings());
        out.float64(level.sum());
        out.float64(level.min());
        out.float64(level.max());
        out.float64(level.last());
    }

    /** Counts are whole numbers nearly always; the low bit tells whether. */
    private static void number(double value, WireWriter out) {
        if (value >= 0 && value <= 1L << 53 && value == Math.rint(value)) {
            out.varint((long) value << 1);
        } else {
            out.varint(1);
            out.float64(value);
        }
    }

    private static double number(WireReader in) {
        long whole = in.varint();
        return (whole & 1) == 0 ? whole >> 1 : in.float64();
    }

    private static void length(Duration length, WireWriter out) {
        out.varint(Math.max(0, length.toNanos() / 1_000));
    }

    private static Duration length(WireReader in) {
        long micros = in.varint();
        return Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }

    private static void distribution(Distribution told, WireWriter out) {
        int[] buckets = {0};
        told.forEachBucket((lower, upper, count) -> buckets[0]++);
        out.varint(buckets[0]);
        told.forEachBucket((lower, upper, count) -> {
            out.float64(lower);
            out.float64(upper);
            out.varint(count);
        });
        out.float64(told.sum());
    }

    private static Distribution distribution(WireReader in) {
        int size = in.length(17);
        double[] lower = new double[size];
        double[] upper = new double[size];
        long[] counts = new long[size];
        for (int i = 0; i < size; i++) {
            lower[i] = in.float64();
            upper[i] = in.float64();
            counts[i] = in.varint();
        }
        double sum = in.float64();
        try {
            return Distribution.of(lower, upper, counts, sum);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw in.wrong("holds no distribution: " + e.getMessage());
        }
    }
}
