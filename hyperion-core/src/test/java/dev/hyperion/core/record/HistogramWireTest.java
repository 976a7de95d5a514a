// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hyperion.HyperionException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HistogramWireTest {
    private static final int NANOS_BUCKETS = LatencyRecorder.BEYOND_PAGE * Cells.SLOTS + 1;

    private record Bucket(double lower, double upper, long count) {}

    private static List<Bucket> buckets(HistogramCopy copy) {
        List<Bucket> all = new ArrayList<>();
        copy.forEachBucket((lower, upper, count) -> all.add(new Bucket(lower, upper, count)));
        return all;
    }

    private static void assertTheSame(HistogramCopy read, HistogramCopy written) {
        assertThat(buckets(read)).isEqualTo(buckets(written));
        assertThat(read.scale()).isEqualTo(written.scale());
        assertThat(read.count()).isEqualTo(written.count());
        assertThat(read.sum()).isEqualTo(written.sum());
        assertThat(read.sumNanos()).isEqualTo(written.sumNanos());
    }

    private static HistogramCopy through(HistogramCopy copy) {
        return HistogramWire.read(HistogramWire.write(copy));
    }

    /** The bytes of the V2 encoding, behind the scale and the sum. */
    private static ByteBuffer hdr(HistogramCopy copy) {
        return ByteBuffer.wrap(HistogramWire.hdr(copy));
    }

    private static Histogram readByHdrHistogram(HistogramCopy copy) throws Exception {
        ByteBuffer bytes = hdr(copy);
        boolean compressed = bytes.getInt(0) == 0x1c849314;
        return compressed
                ? Histogram.decodeFromCompressedByteBuffer(bytes, 0)
                : Histogram.decodeFromByteBuffer(bytes, 0);
    }

    @Test
    void everyNanosecondBucketComesBackAsItself() {
        for (int bucket = 0; bucket < NANOS_BUCKETS; bucket++) {
            LatencyRecorder recorder = new LatencyRecorder();
            long lower = LatencyRecorder.lowerEdge(bucket);
            recorder.record(lower);
            recorder.record(lower + LatencyRecorder.width(bucket) - 1);

            assertTheSame(through(recorder.copy()), recorder.copy());
        }
    }

    @Test
    void allNanosecondBucketsAtOnceComeBackWithTheExactSum() {
        LatencyRecorder recorder = new LatencyRecorder();
        Random random = new Random(7);
        for (int bucket = 0; bucket < NANOS_BUCKETS; bucket++) {
            for (int i = random.nextInt(5); i >= 0; i--) {
                recorder.record(LatencyRecorder.lowerEdge(bucket)
                        + random.nextInt(1 << 4) % (int) Math.min(1 << 20, LatencyRecorder.width(bucket)));
            }
        }

        assertTheSame(through(recorder.copy()), recorder.copy());
    }

    @Test
    void valuesFromTheSmallestToTheLargestDoubleComeBack() {
        ValueRecorder recorder = new ValueRecorder();
        recorder.record(0);
        recorder.record(Double.MIN_VALUE);
        recorder.record(Double.MAX_VALUE);
        for (int exponent = -300; exponent <= 300; exponent += 7) {
            recorder.record(1.37 * Math.pow(10, exponent));
        }

        assertTheSame(through(recorder.copy()), recorder.copy());
    }

    @Test
    void emptyHistogramsComeBackEmpty() {
        for (HistogramCopy.Scale scale : HistogramCopy.Scale.values()) {
            assertTheSame(through(HistogramCopy.empty(scale)), HistogramCopy.empty(scale));
        }
    }

    @Test
    void hdrHistogramReadsOursWithThePercentilesThatWeTell() throws Exception {
        LatencyRecorder recorder = latencies(20_000, 5);
        HistogramCopy copy = recorder.copy();

        Histogram theirs = readByHdrHistogram(copy);

        assertThat(theirs.getTotalCount()).isEqualTo(20_000);
        // between two ranks, so that both round to the same record
        for (double percentile : new double[] {1.003, 50.003, 90.003, 95.003, 99.003, 99.903, 100}) {
            assertThat((double) theirs.getValueAtPercentile(percentile))
                    .as("p" + percentile)
                    .isCloseTo(copy.quantile(percentile / 100), withinPercentage(100.0 / 128));
        }
    }

    @Test
    void weReadWhatHdrHistogramWrites() {
        Histogram theirs = new Histogram(1, 3_600_000_000_000L, 2);
        LatencyRecorder ours = new LatencyRecorder();
        Random random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            long nanos = (long) Math.exp(random.nextDouble() * 28);
            theirs.recordValue(nanos);
            ours.record(nanos);
        }
        ByteBuffer encoded = ByteBuffer.allocate(theirs.getNeededByteBufferCapacity());
        theirs.encodeIntoCompressedByteBuffer(encoded, Deflater.DEFAULT_COMPRESSION);
        WireWriter bytes = new WireWriter(100);
        bytes.octet(0);
        bytes.varint(ours.copy().sumNanos());
        bytes.octets(Arrays.copyOf(encoded.array(), encoded.position()));

        assertTheSame(HistogramWire.read(bytes.toBytes()), ours.copy());
    }

    @Test
    void aPercentileIsTheSameAfterTheJourneyToTheWidthOfABucket() {
        HistogramCopy copy = latencies(300, 3).copy();
        HistogramCopy read = through(copy);

        for (double q : new double[] {0, 0.5, 0.95, 0.99, 1}) {
            assertThat(read.quantile(q)).isCloseTo(copy.quantile(q), withinPercentage(100.0 / 128));
        }
    }

    @Test
    void aTypicalSecondTakesLessThanAFifthOfAKilobyteAndABusyFiveMinutesLessThanOne() {
        int second = HistogramWire.write(latencies(100, 1).copy()).length;
        int fiveMinutes = HistogramWire.write(latencies(30_000, 2).copy()).length;

        assertThat(second).isBetween(60, 200);
        assertThat(fiveMinutes).isBetween(200, 1_000);
    }

    /** Around 20 ms, log-normal, a hundredth of them ten times as slow: two octaves either way. */
    static LatencyRecorder latencies(int count, long seed) {
        LatencyRecorder recorder = new LatencyRecorder();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            double nanos = 20e6 * Math.exp(0.4 * random.nextGaussian()) * (random.nextInt(100) == 0 ? 10 : 1);
            recorder.record((long) nanos);
        }
        return recorder;
    }

    @Test
    void randomBytesAreRefusedAndNeverTakeTheProcessDown() {
        long seed = System.getProperty("hyperion.seed") == null ? 42 : Long.getLong("hyperion.seed");
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] &= 1; // beyond the first check
            }
            readOrRefuse(bytes);
        }
    }

    @Test
    void everyFlippedBitAndEveryMissingTailIsRefusedOrStillAHistogram() {
        for (byte[] whole : List.of(
                HistogramWire.write(latencies(20, 1).copy()),
                HistogramWire.write(latencies(3_000, 1).copy()))) {
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                // a plain encoding knows how many bytes it has, a compressed one too
                assertThatThrownBy(() -> HistogramWire.read(cut)).isInstanceOf(HyperionException.class);
            }
            for (int bit = 0; bit < whole.length * 8; bit++) {
                byte[] flipped = whole.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                readOrRefuse(flipped);
            }
        }
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            HistogramCopy copy = HistogramWire.read(bytes);
            assertThat(copy.count()).isNotNegative();
            if (copy.count() > 0) {
                assertThat(copy.quantile(0.5)).isNotNaN();
            }
        } catch (HyperionException e) {
            assertThat(e).hasMessageContaining("histogram cannot be read at byte");
        }
    }

    @Test
    void lengthsThatPromiseGigabytesAllocateNothingOfTheKind() {
        WireWriter promises = new WireWriter(100);
        promises.octet(1);
        promises.float64(1);
        promises.varint(Integer.MAX_VALUE); // buckets
        WireWriter compressed = new WireWriter(100);
        compressed.octet(0);
        compressed.varint(1);
        compressed.int32(0x1c849314);
        compressed.int32(Integer.MAX_VALUE);
        compressed.octets(new byte[40]);
        WireWriter negative = new WireWriter(100);
        negative.octet(0);
        negative.varint(1);
        negative.int32(0x1c849314);
        negative.int32(-1);

        for (WireWriter hostile : List.of(promises, compressed, negative)) {
            assertThatThrownBy(() -> HistogramWire.read(hostile.toBytes()))
                    .isInstanceOf(HyperionException.class)
                    .hasMessageContaining("promises");
        }
    }

    @Test
    void aStreamThatInflatesWithoutEndIsCutOff() {
        Deflater deflater = new Deflater(9);
        deflater.setInput(new byte[50_000_000]);
        deflater.finish();
        byte[] squeezed = new byte[100_000];
        int size = deflater.deflate(squeezed);
        deflater.end();
        WireWriter bomb = new WireWriter(size);
        bomb.octet(0);
        bomb.varint(1);
        bomb.int32(0x1c849314);
        bomb.int32(size);
        bomb.octets(Arrays.copyOf(squeezed, size));

        assertThatThrownBy(() -> HistogramWire.read(bomb.toBytes()))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("inflates to more than a histogram can have");
    }

    @Test
    void countsThatOverflowAreRefused() {
        WireWriter bytes = new WireWriter(100);
        bytes.octet(1);
        bytes.float64(1);
        bytes.varint(2);
        for (int i = 0; i < 2; i++) {
            bytes.varint(5);
            bytes.varint(Long.MAX_VALUE);
        }

        assertThatThrownBy(() -> HistogramWire.read(bytes.toBytes()))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("more than 2^63 records");
    }
}
