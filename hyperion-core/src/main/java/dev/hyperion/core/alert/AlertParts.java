// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.ClientBlocker;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What alerting works with. Thread-safety: immutable.
 *
 * @param settings how it works
 * @param notifiers by the names that rules use
 * @param journal where events are written before they are sent
 * @param blocker keeps out the clients of rules with the action block-ip
 */
public record AlertParts(
        AlertSettings settings, Map<String, AlertNotifier> notifiers, AlertJournal journal, ClientBlocker blocker) {
    /** Copies the map. */
    public AlertParts {
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(journal, "journal");
        Objects.requireNonNull(blocker, "blocker");
        notifiers = Collections.unmodifiableMap(new LinkedHashMap<>(notifiers));
    }
}
