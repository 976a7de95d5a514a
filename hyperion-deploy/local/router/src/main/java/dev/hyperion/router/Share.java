// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.util.HashSet;
import java.util.List;

/**
 * What one version gets of the traffic, and who serves it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param weight the share in 10,000ths, 0 to 10,000
 * @param targets the replicas; may be empty only while the weight is 0
 */
record Share(int weight, List<Target> targets) {
    /** The weights of a table add up to this. */
    static final int WHOLE = 10_000;

    Share {
        targets = List.copyOf(targets);
        if (weight < 0 || weight > WHOLE) {
            throw new IllegalArgumentException("weight is " + weight + "; expected 0 to " + WHOLE);
        }
        if (weight > 0 && targets.isEmpty()) {
            throw new IllegalArgumentException(
                    "weight is " + weight + " but there is no endpoint; give one, or weight 0");
        }
        if (new HashSet<>(targets).size() < targets.size()) {
            throw new IllegalArgumentException("endpoints " + targets + " name one twice; name each once");
        }
    }
}
