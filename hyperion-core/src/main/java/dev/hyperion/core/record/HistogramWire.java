// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import dev.hyperion.HyperionException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Histograms as bytes, for files and other processes: no bucket is lost, and the sum stays exact.
 *
 * <p>A nanosecond histogram is its sum, followed by HdrHistogram's V2 encoding with two significant digits, which any
 * HdrHistogram library reads. A value histogram is in an encoding of ours. The reader takes bytes from anywhere: what is no
 * histogram is refused, and what it allocates is bounded by 150 kB whatever the bytes promise.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class HistogramWire {
    // the first byte, on disk and on the wire: never changed, and not the enum's own numbers
    private static final int NANOS = 0;
    private static final int VALUES = 1;

    /*
     * HdrHistogram with two digits and the unit 1 keeps values below 256 apart and has 128 buckets per octave above; ours
     * keep values below 64 apart and have 64 per octave. So each of our buckets is one or two whole buckets of theirs, never
     * a part of one. We count into the lower one, whose upper edge HdrHistogram tells as a percentile: the middle of ours.
     * Read, either of them is ours.
     *
     * V2: cookie, bytes of counts, normalizing offset, digits, lowest and highest value, ratio; then zigzag varints, a
     * negative one being that many empty buckets. Nine bytes at most, the ninth with all eight bits. The compressed form is a
     * cookie and a length before a zlib stream of that. Its 40 bytes of header deflate well, its counts hardly: we compress
     * where it pays, and read both. See https://github.com/HdrHistogram/HdrHistogram, AbstractHistogram.
     */
    private static final int PLAIN = 0x1c849313;
    private static final int COMPRESSED = 0x1c849314;
    private static final int HEADER = 40;
    private static final int DIGITS = 2;
    private static final int HALF_BITS = 7;
    private static final int HALF = 1 << HALF_BITS;
    /** Two digits over all of a long. */
    private static final int HDR_BUCKETS = (64 - HALF_BITS) << HALF_BITS;

    private static final int LARGEST_PLAIN = HEADER + HDR_BUCKETS * 9;
    /** Below this the zlib frame and the time for it cost more than it saves. */
    private static final int WORTH_COMPRESSING = 160;

    private static final int LAST_VALUE_BUCKET = (2047 << LatencyRecorder.LOG_SLOTS) - 1;

    private HistogramWire() {}

    /**
     * Writes a histogram.
     *
     * @param copy what to write
     * @return its bytes, which {@link #read} takes
     */
    public static byte[] write(HistogramCopy copy) {
        WireWriter out = new WireWriter(64 + copy.size() * 3);
        out.octet(copy.scale() == HistogramCopy.Scale.NANOS ? NANOS : VALUES);
        if (copy.scale() == HistogramCopy.Scale.NANOS) {
            out.varint(copy.sumNanos());
            out.octets(hdr(copy));
        } else {
            writeValues(copy, out);
        }
        return out.toBytes();
    }

    /**
     * Reads a histogram.
     *
     * @param bytes from {@link #write}
     * @return the same buckets, counts and sum
     * @throws HyperionException if the bytes are something else, or damaged in a way that shows
     */
    public static HistogramCopy read(byte[] bytes) {
        WireReader in = new WireReader("histogram", bytes);
        int scale = in.octet();
        if (scale == NANOS) {
            long sum = in.varint();
            return readHdr(in, sum);
        }
        if (scale == VALUES) {
            return readValues(in);
        }
        throw in.wrong("begins with " + scale + "; expected 0 for nanoseconds or 1 for values");
    }

    /** The V2 encoding alone, compressed where that makes it smaller. */
    static byte[] hdr(HistogramCopy copy) {
        HdrCounts counts = new HdrCounts(copy.size());
        copy.forEachBucket(counts);
        WireWriter plain = new WireWriter(HEADER + counts.out.size());
        plain.int32(PLAIN);
        plain.int32(counts.out.size());
        plain.int32(0);
        plain.int32(DIGITS);
        plain.int64(1);
        plain.int64(Math.max(2, counts.highest));
        plain.float64(1);
        plain.octets(counts.out.toBytes());
        byte[] all = plain.toBytes();
        return all.length < WORTH_COMPRESSING ? all : smaller(all);
    }

    private static byte[] smaller(byte[] plain) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(plain);
            deflater.finish();
            byte[] squeezed = new byte[plain.length];
            int size = deflater.deflate(squeezed);
            if (!deflater.finished() || size + 8 >= plain.length) {
                return plain;
            }
            WireWriter out = new WireWriter(size + 8);
            out.int32(COMPRESSED);
            out.int32(size);
            out.octets(Arrays.copyOf(squeezed, size));
            return out.toBytes();
        } finally {
            deflater.end();
        }
    }

    /** Writes counts in the order of HdrHistogram's buckets. */
    private static final class HdrCounts implements HistogramCopy.BucketVisitor {
        private final WireWriter out;
        private int next;
        private long highest;

        HdrCounts(int size) {
            out = new WireWriter(size * 3);
        }

        @Override
        public void bucket(double lower, double upper, long count) {
            int index = hdrIndex((long) lower); // edges are whole numbers below 2^53
            if (index > next) {
                hdrNumber(next - index, out);
            }
            hdrNumber(count, out);
            next = index + 1;
            highest = (long) upper - 1;
        }
    }

    private static int hdrIndex(long value) {
        int bucket = 64 - (HALF_BITS + 1) - Long.numberOfLeadingZeros(value | (2 * HALF - 1));
        return ((bucket + 1) << HALF_BITS) + (int) (value >>> bucket) - HALF;
    }

    private static long hdrValue(int index) {
        int bucket = (index >>> HALF_BITS) - 1;
        return bucket < 0 ? index : (long) ((index & (HALF - 1)) + HALF) << bucket;
    }

    private static void hdrNumber(long value, WireWriter out) {
        long rest = (value << 1) ^ (value >> 63);
        for (int i = 0; i < 8 && (rest & ~0x7FL) != 0; i++) {
            out.octet((int) (rest | 0x80));
            rest >>>= 7;
        }
        out.octet((int) rest);
    }

    private static long hdrNumber(WireReader in) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            int next = in.octet();
            value |= (next & 0x7FL) << (7 * i);
            if (next < 0x80) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        value |= (long) in.octet() << 56;
        return (value >>> 1) ^ -(value & 1);
    }

    private static HistogramCopy readHdr(WireReader given, long sum) {
        WireReader in = given;
        int cookie = in.int32();
        if (cookie == COMPRESSED) {
            int length = in.int32();
            if (length != in.left()) {
                throw in.wrong("promises " + length + " compressed bytes and has " + in.left());
            }
            in = new WireReader("histogram", inflate(in, in.octets(length)));
            cookie = in.int32();
        }
        if (cookie != PLAIN) {
            throw in.wrong("has the cookie 0x" + Integer.toHexString(cookie) + "; expected HdrHistogram's V2");
        }
        int length = in.int32();
        int offset = in.int32();
        int digits = in.int32();
        long lowest = in.int64();
        long highest = in.int64();
        double ratio = in.float64();
        if (offset != 0 || digits != DIGITS || lowest != 1 || highest < 2 || ratio != 1 || length != in.left()) {
            throw in.wrong("has " + digits + " digits from " + lowest + " to " + highest + " times " + ratio + " and "
                    + length + " bytes; expected 2 digits from 1 and " + in.left() + " bytes");
        }
        return readHdrCounts(in, sum);
    }

    private static HistogramCopy readHdrCounts(WireReader in, long sum) {
        Collected found = new Collected(in.left());
        long index = 0;
        while (in.left() > 0) {
            long number = hdrNumber(in);
            long here = number < 0 ? index - Math.max(number, -2L * HDR_BUCKETS) : index + 1;
            if (here > HDR_BUCKETS) {
                throw in.wrong("has more buckets than HdrHistogram");
            }
            if (number > 0) {
                found.add(in, nanosBucket(hdrValue((int) index)), number);
            }
            index = here;
        }
        double[] sums = new double[found.size];
        for (int i = 0; i < sums.length; i++) {
            int bucket = found.buckets[i];
            sums[i] = (double) found.counts[i]
                    * (LatencyRecorder.lowerEdge(bucket) + (LatencyRecorder.width(bucket) - 1) / 2.0);
        }
        return HistogramCopy.ofNanos(found.buckets(), found.counts(), sums, sum);
    }

    private static int nanosBucket(long value) {
        if (value < Cells.SLOTS) {
            return (int) value;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(value);
        if (exponent >= LatencyRecorder.BEYOND_EXPONENT) {
            return LatencyRecorder.BEYOND_PAGE << LatencyRecorder.LOG_SLOTS;
        }
        int residualBits = exponent - LatencyRecorder.LOG_SLOTS;
        return ((residualBits + 1) << LatencyRecorder.LOG_SLOTS) | ((int) (value >>> residualBits) & (Cells.SLOTS - 1));
    }

    private static byte[] inflate(WireReader in, byte[] squeezed) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(squeezed);
            byte[] plain = new byte[Math.min(LARGEST_PLAIN, 64 + squeezed.length * 4)];
            int size = 0;
            while (!inflater.finished()) {
                if (size == plain.length) {
                    if (size == LARGEST_PLAIN) {
                        throw in.wrong("inflates to more than a histogram can have");
                    }
                    plain = Arrays.copyOf(plain, Math.min(LARGEST_PLAIN, size * 2));
                }
                int more = inflater.inflate(plain, size, plain.length - size);
                if (more == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw in.wrong("ends within its compressed part");
                }
                size += more;
            }
            return Arrays.copyOf(plain, size);
        } catch (DataFormatException e) {
            throw in.wrong("is not compressed as it says: " + e.getMessage());
        } finally {
            inflater.end();
        }
    }

    private static void writeValues(HistogramCopy copy, WireWriter out) {
        out.float64(copy.sum());
        out.varint(copy.size());
        int[] last = {0};
        copy.forEachBucket((lower, upper, count) -> {
            int bucket = valueBucket(lower);
            out.varint(bucket - last[0]);
            out.varint(count);
            last[0] = bucket;
        });
    }

    private static int valueBucket(double lower) {
        return (int) (Double.doubleToRawLongBits(lower) >>> (52 - LatencyRecorder.LOG_SLOTS));
    }

    private static HistogramCopy readValues(WireReader in) {
        double sum = in.float64();
        if (!(sum >= 0) || Double.isInfinite(sum)) {
            throw in.wrong("has the sum " + sum + "; expected 0 or more");
        }
        int size = in.length(2);
        Collected found = new Collected(size);
        long bucket = 0;
        for (int i = 0; i < size; i++) {
            long step = in.varint();
            long count = in.varint();
            if ((i > 0 && step == 0) || count == 0 || step > LAST_VALUE_BUCKET || bucket + step > LAST_VALUE_BUCKET) {
                throw in.wrong("has buckets that do not rise, or hold nothing, or lie beyond all doubles");
            }
            bucket += step;
            found.add(in, (int) bucket, count);
        }
        in.requireEnd();
        double[] sums = new double[found.size];
        for (int i = 0; i < sums.length; i++) {
            double lower = ValueRecorder.lowerEdge(found.buckets[i]);
            double upper = Math.min(Double.MAX_VALUE, ValueRecorder.lowerEdge(found.buckets[i] + 1));
            double middle = lower == 0 ? 0 : lower + (upper - lower) / 2;
            sums[i] = Math.min(Double.MAX_VALUE, middle * found.counts[i]);
        }
        return HistogramCopy.ofValues(found.buckets(), found.counts(), sums, sum);
    }

    /** Buckets in rising order, as they come. */
    private static final class Collected {
        private int[] buckets;
        private long[] counts;
        private int size;
        private long total;

        Collected(int expected) {
            // no more than the bytes at hand, and no more than there can be
            buckets = new int[Math.max(1, Math.min(expected, HDR_BUCKETS))];
            counts = new long[buckets.length];
        }

        void add(WireReader in, int bucket, long count) {
            total += count;
            if (total < 0) {
                throw in.wrong("holds more than 2^63 records");
            }
            if (size > 0 && buckets[size - 1] == bucket) {
                counts[size - 1] += count; // HdrHistogram's buckets are half as wide as ours
                return;
            }
            if (size == buckets.length) {
                buckets = Arrays.copyOf(buckets, size * 2);
                counts = Arrays.copyOf(counts, size * 2);
            }
            buckets[size] = bucket;
            counts[size++] = count;
        }

        int[] buckets() {
            return Arrays.copyOf(buckets, size);
        }

        long[] counts() {
            return Arrays.copyOf(counts, size);
        }
    }
}
