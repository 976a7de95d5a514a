// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;

/**
 * What must survive a restart: that an event happened, and who has it. Written before it is acted on; durable on return.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface AlertJournal {

    /**
     * Notes an event before anybody is told of it.
     *
     * @param event what happened
     */
    void happened(AlertEvent event);

    /**
     * Notes that a notifier needs this event no more: it has it, or refused it for good.
     *
     * @param event the event
     * @param notifier who
     * @param how {@code delivered}, or why not
     */
    void settled(AlertEvent event, String notifier, String how);

    /**
     * Notes a rule that somebody added at run time, so that it is there again after a restart.
     *
     * @param rule the rule
     */
    void ruleAdded(AlertRule rule);

    /**
     * Notes that a rule was removed.
     *
     * @param name its name
     */
    void ruleRemoved(String name);
}
