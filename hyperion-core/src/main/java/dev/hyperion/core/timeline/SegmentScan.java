// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import dev.hyperion.HyperionException;
import dev.hyperion.core.record.WireReader;
import dev.hyperion.core.record.WireWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The bytes of a segment: a header, then frames one after the other. Each frame begins with a mark and carries its length
 * and a checksum over both, so that after a damaged one the next is found.
 *
 * <p>Thread-safety: confined to the thread that reads.
 */
final class SegmentScan {
    private static final int FILE_MARK = 0x48_59_54_4C; // HYTL
    private static final int VERSION = 1;
    private static final int FRAME_MARK = 0xF7_48_54_4C;
    private static final int FRAME_HEADER = 12;
    private static final int LARGEST_FRAME = 64 << 20;
    private static final int SERIES = 1;
    private static final int SLOTS = 2;
    /** Mark, version, length of a slot in milliseconds, checksum. */
    static final int HEADER = 17;

    /** Bytes that are no frames, with frames behind them. */
    record Damage(long offset, long bytes) {}

    private final byte[] bytes;
    private final List<Batch> batches = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private final Map<Integer, String> series = new HashMap<>();
    private int end;
    private final boolean readable;

    SegmentScan(byte[] bytes, long everyMillis) {
        this.bytes = bytes;
        this.readable = isHeader(everyMillis);
        if (readable) {
            frames();
        } else {
            damages.add(new Damage(0, bytes.length));
        }
    }

    private boolean isHeader(long everyMillis) {
        if (bytes.length < HEADER) {
            return false;
        }
        byte[] expected = header(everyMillis);
        for (int i = 0; i < HEADER; i++) {
            if (bytes[i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private void frames() {
        end = HEADER;
        int damagedFrom = -1;
        int at = HEADER;
        while (at < bytes.length) {
            int next = frame(at);
            if (next < 0) {
                damagedFrom = damagedFrom < 0 ? at : damagedFrom;
                at++;
                continue;
            }
            if (damagedFrom >= 0) {
                damages.add(new Damage(damagedFrom, at - damagedFrom));
                damagedFrom = -1;
            }
            take(at, next);
            at = next;
            end = at; // what is damaged behind the last whole frame is a torn tail
        }
    }

    /** Where the frame ends that begins here; below zero if none does. */
    private int frame(int at) {
        if (bytes.length - at < FRAME_HEADER || bytes[at] != (byte) (FRAME_MARK >>> 24)) {
            return -1;
        }
        WireReader in = new WireReader("timeline frame", bytes, at, bytes.length);
        if (in.int32() != FRAME_MARK) {
            return -1;
        }
        int length = in.int32();
        int sum = in.int32();
        if (length < 1 || length > LARGEST_FRAME || length > in.left()) {
            return -1;
        }
        return checksum(bytes, at + FRAME_HEADER, length) == sum ? at + FRAME_HEADER + length : -1;
    }

    private void take(int at, int next) {
        try {
            WireReader in = new WireReader("timeline frame", bytes, at + FRAME_HEADER, next);
            int kind = in.octet();
            if (kind == SERIES) {
                series.put((int) in.varint(), in.text());
            } else if (kind == SLOTS) {
                batches.add(batch(in));
            } else {
                throw in.wrong("is of kind " + kind);
            }
            in.requireEnd();
        } catch (HyperionException e) {
            damages.add(new Damage(at, next - at)); // the checksum is right and the content is not of this version
        }
    }

    private Batch batch(WireReader in) {
        long sequence = in.varint();
        long covers = in.varint();
        long slot = in.zigzag();
        int size = in.length(2);
        Map<String, byte[]> values = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String name = series.get((int) in.varint());
            byte[] value = in.octets(in.length(1));
            if (name != null) { // its name may have been in a damaged frame
                values.put(name, value);
            }
        }
        return new Batch(sequence, covers, slot, values);
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(length);
        sum.update(length >>> 8);
        sum.update(length >>> 16);
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }

    static byte[] header(long everyMillis) {
        WireWriter out = new WireWriter(HEADER);
        out.int32(FILE_MARK);
        out.octet(VERSION);
        out.int64(everyMillis);
        byte[] head = out.toBytes();
        out.int32(checksum(head, 0, head.length));
        return out.toBytes();
    }

    static void writeSeries(int id, String name, WireWriter out) {
        WireWriter payload = new WireWriter(16 + name.length());
        payload.octet(SERIES);
        payload.varint(id);
        payload.text(name);
        frame(payload.toBytes(), out);
    }

    static void writeBatch(Batch batch, Map<String, Integer> ids, WireWriter out) {
        WireWriter payload = new WireWriter(64 * (1 + batch.values().size()));
        payload.octet(SLOTS);
        payload.varint(batch.sequence());
        payload.varint(batch.covers());
        payload.zigzag(batch.slot());
        payload.varint(batch.values().size());
        batch.values().forEach((name, value) -> {
            payload.varint(ids.getOrDefault(name, 0));
            payload.varint(value.length);
            payload.octets(value);
        });
        frame(payload.toBytes(), out);
    }

    private static void frame(byte[] payload, WireWriter out) {
        out.int32(FRAME_MARK);
        out.int32(payload.length);
        out.int32(checksum(payload, 0, payload.length));
        out.octets(payload);
    }

    /** Whether the header is of this version and resolution; otherwise nothing was read. */
    boolean readable() {
        return readable;
    }

    /** Where the last whole frame ends; what lies behind is a torn tail. */
    int end() {
        return end;
    }

    List<Batch> batches() {
        return batches;
    }

    List<Damage> damages() {
        return damages;
    }

    Map<Integer, String> series() {
        return series;
    }
}
