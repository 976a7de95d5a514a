// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.spi.ClientBlocker;
import java.util.List;
import java.util.Set;

/**
 * What must survive a restart: that an event happened, and who has yet to get it; what fires, is silenced or blocked; and the
 * rules of people. Written before it is acted on; durable on return.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface AlertJournal {

    /**
     * An event and who is to get it, or has yet to.
     *
     * @param event what happened
     * @param to notifiers by name
     */
    record Pending(AlertEvent event, Set<String> to) {
        /** Copies the names. */
        public Pending {
            to = Set.copyOf(to);
        }
    }

    /**
     * What a journal has kept from before the last start.
     *
     * @param rules those that were added at run time, in the order of their names
     * @param undelivered in the order in which they happened
     * @param firing the newest events of alerts that were told as firing and not as resolved
     * @param silences those that were not ended
     * @param blocks those that were not ended
     */
    record Kept(
            List<AlertRule> rules,
            List<Pending> undelivered,
            List<AlertEvent> firing,
            List<Silence> silences,
            List<ClientBlocker.Block> blocks) {
        /** Copies the lists. */
        public Kept {
            rules = List.copyOf(rules);
            undelivered = List.copyOf(undelivered);
            firing = List.copyOf(firing);
            silences = List.copyOf(silences);
            blocks = List.copyOf(blocks);
        }
    }

    /**
     * What is to be taken up again after a start.
     *
     * @return everything that is kept
     */
    Kept kept();

    /**
     * Notes events before anybody is told of them, all or none.
     *
     * @param events in the order in which they happened
     */
    void happened(List<Pending> events);

    /**
     * Notes that a notifier needs these events no more: it has them, or refused them for good.
     *
     * @param events the events
     * @param notifier who
     * @param how {@code delivered}, or why not
     */
    void settled(List<AlertEvent> events, String notifier, String how);

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

    /**
     * Notes a silence.
     *
     * @param silence with its id
     */
    void silenced(Silence silence);

    /**
     * Notes that a silence was ended before its time.
     *
     * @param id its id
     */
    void silenceEnded(String id);

    /**
     * Notes that a client is about to be kept out.
     *
     * @param block whom, until when and why
     */
    void blocked(ClientBlocker.Block block);
}
