// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.Mutation;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The rules of {@link Mutation}: epochs, generations, and a request that comes again. Confined to its owner's lock. */
final class FencedState {
    private final String what;
    private long newestEpoch;
    private long generation;
    private @Nullable Mutation last;
    private @Nullable Applied lastAnswer;

    FencedState(String what) {
        this.what = what;
    }

    String generation() {
        return Long.toString(generation);
    }

    /** Somebody else changed something. */
    void disturb() {
        generation++;
    }

    /** Carries a change out if the rules allow it; the change says whether anything was to be done. */
    Applied apply(Mutation mutation, BooleanSupplier change) {
        if (mutation.epoch() < newestEpoch) {
            throw new FencedException(what, mutation.epoch(), newestEpoch);
        }
        newestEpoch = mutation.epoch();
        Mutation before = last;
        Applied answer = lastAnswer;
        if (before != null
                && answer != null
                && before.planId().equals(mutation.planId())
                && before.stepId().equals(mutation.stepId())) {
            return answer;
        }
        Optional<String> expected = mutation.expectedGeneration();
        if (expected.isPresent() && !expected.get().equals(generation())) {
            throw new ConflictException(what, expected.get(), generation());
        }
        boolean changed = change.getAsBoolean();
        generation += changed ? 1 : 0;
        last = mutation;
        lastAnswer = new Applied(generation(), changed);
        return lastAnswer;
    }
}
