// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.AbstractMeter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the meters that record have in common: exemplars, and somebody who counts what they ignore. */
abstract class ExemplarMeter extends AbstractMeter implements TracedMeter {
    private final Mishaps mishaps;
    /** Null without a tracer; then a record pays for nothing but asking. */
    final @Nullable ExemplarSampler exemplars;

    ExemplarMeter(Id id, Mishaps mishaps, @Nullable ExemplarSampler exemplars) {
        super(id);
        this.mishaps = mishaps;
        this.exemplars = exemplars;
    }

    /** A record was ignored. */
    final void rejected() {
        mishaps.rejected(getId());
    }

    /** Wants exemplars of the next records. */
    final void arm() {
        if (exemplars != null) {
            exemplars.arm();
        }
    }

    @Override
    public final List<Exemplar> exemplars() {
        return exemplars == null ? List.of() : exemplars.taken();
    }
}
