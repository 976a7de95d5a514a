// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ReasonCode;
import java.util.Objects;

/**
 * Why nothing may be done, whatever the metrics say.
 *
 * <p>Thread-safety: immutable.
 *
 * @param code the reason
 * @param because one line for people
 */
public record Hold(ReasonCode code, String because) {
    /** Checks that nothing is null. */
    public Hold {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(because, "because");
    }
}
