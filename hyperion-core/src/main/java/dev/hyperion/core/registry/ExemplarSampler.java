// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.monitoring.TraceContext;
import io.micrometer.core.instrument.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Takes a few exemplars of one meter in each interval: one for each octave of the recorded value.
 *
 * <p>{@link #arm} wants one of every octave; the first record of an octave answers. All others read one word and go on: no
 * clock, no allocation, no write. A record outside of any sampled trace leaves its octave wanted, for a bounded number of
 * tries per interval.
 *
 * <p>Thread-safety: thread-safe.
 */
final class ExemplarSampler {
    private static final int OCTAVES = Long.SIZE;
    /** How often the trace context is asked in vain per interval: one record in a hundred being traced is usual. */
    private static final int TRIES = 32;

    private static final VarHandle WANTED;

    static {
        try {
            WANTED = MethodHandles.lookup().findVarHandle(ExemplarSampler.class, "wanted", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TraceContext traces;
    private final Clock clock;
    private volatile @Nullable AtomicReferenceArray<@Nullable Exemplar> newest; // by octave, made with the first one
    private int tries; // racy: a bound, not a figure

    @SuppressWarnings("unused") // through WANTED
    private long wanted;

    ExemplarSampler(TraceContext traces, Clock clock) {
        this.traces = traces;
        this.clock = clock;
    }

    static @Nullable ExemplarSampler of(@Nullable TraceContext traces, Clock clock) {
        return traces == null ? null : new ExemplarSampler(traces, clock);
    }

    /** Wants one exemplar of each octave from now on. */
    void arm() {
        tries = TRIES;
        WANTED.setOpaque(this, -1L);
    }

    /** A duration has been recorded. */
    void offerNanos(long nanos) {
        int octave = OCTAVES - 1 - Long.numberOfLeadingZeros(nanos | 1);
        if (((long) WANTED.getOpaque(this) & 1L << octave) != 0) {
            take(octave, nanos / 1e9);
        }
    }

    /** A value has been recorded, 0 or more. */
    void offer(double value) {
        int octave = Math.max(0, Math.min(OCTAVES - 1, Math.getExponent(value) + OCTAVES / 2));
        if (((long) WANTED.getOpaque(this) & 1L << octave) != 0) {
            take(octave, value);
        }
    }

    private void take(int octave, double value) {
        long bit = 1L << octave;
        if (((long) WANTED.getAndBitwiseAnd(this, ~bit) & bit) == 0) {
            return; // another record answers for this octave
        }
        Optional<TraceContext.Span> span;
        try {
            span = traces.current();
        } catch (RuntimeException e) {
            return; // a tracer that fails must not fail the application's record; nothing of it is wanted till the next
            // tick
        }
        if (span.isPresent()) {
            Instant at = Instant.ofEpochMilli(clock.wallTime());
            kept().set(
                            octave,
                            new Exemplar(value, span.get().traceId(), span.get().spanId(), at));
        } else if (tries > 0) {
            tries--;
            WANTED.getAndBitwiseOr(this, bit);
        }
    }

    private AtomicReferenceArray<@Nullable Exemplar> kept() {
        AtomicReferenceArray<@Nullable Exemplar> kept = newest;
        if (kept == null) {
            synchronized (this) {
                kept = newest;
                if (kept == null) {
                    kept = new AtomicReferenceArray<>(OCTAVES);
                    newest = kept;
                }
            }
        }
        return kept;
    }

    /** What was taken, oldest first. */
    List<Exemplar> taken() {
        AtomicReferenceArray<@Nullable Exemplar> kept = newest;
        if (kept == null) {
            return List.of();
        }
        List<Exemplar> all = new ArrayList<>();
        for (int i = 0; i < OCTAVES; i++) {
            Exemplar exemplar = kept.get(i);
            if (exemplar != null) {
                all.add(exemplar);
            }
        }
        all.sort(Comparator.comparing(Exemplar::at));
        return all;
    }
}
