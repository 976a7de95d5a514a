// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.HyperionException;
import java.util.Objects;
import java.util.Optional;

/**
 * Whom to call about an alert: a line of the table of incident contacts.
 *
 * <p>Thread-safety: immutable.
 *
 * @param name the role that rules name, such as {@code sre}
 * @param primary whom to call first: an address, a number or a channel
 * @param secondary whom to call if nobody answers
 */
public record Contact(String name, String primary, Optional<String> secondary) {
    /**
     * Checks that there is somebody.
     *
     * @throws HyperionException if the name or the primary is blank
     */
    public Contact {
        Objects.requireNonNull(secondary, "secondary");
        if (name.isBlank() || primary.isBlank()) {
            throw new HyperionException("contact '" + name + "' has the primary '" + primary + "'; both must be given");
        }
    }

    /**
     * Says it for people.
     *
     * @return such as {@code sre: sre-oncall@example.com, then sre-backup@example.com}
     */
    public String tell() {
        return name + ": " + primary + secondary.map(next -> ", then " + next).orElse("");
    }
}
