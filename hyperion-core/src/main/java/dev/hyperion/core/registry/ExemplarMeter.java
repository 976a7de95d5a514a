// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the meters that record have in common: exemplars, if there is a tracer. */
interface ExemplarMeter extends TracedMeter {
    /** Null without a tracer; then a record pays for nothing but asking. */
    @Nullable
    ExemplarSampler sampler();

    /** Wants exemplars of the next records. */
    default void arm() {
        ExemplarSampler sampler = sampler();
        if (sampler != null) {
            sampler.arm();
        }
    }

    @Override
    default List<Exemplar> exemplars() {
        ExemplarSampler sampler = sampler();
        return sampler == null ? List.of() : sampler.taken();
    }
}
