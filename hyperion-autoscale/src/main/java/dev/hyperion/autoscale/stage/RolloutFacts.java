// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import java.util.List;
import java.util.Objects;

/**
 * An open rollout, as far as scaling cares.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id which
 * @param shifting whether traffic is being moved from one version to the other
 * @param extra the replicas that there are only because of it, beyond the wanted number; by id
 */
public record RolloutFacts(String id, boolean shifting, List<String> extra) {
    /** Copies the list. */
    public RolloutFacts {
        Objects.requireNonNull(id, "id");
        extra = List.copyOf(extra);
    }
}
