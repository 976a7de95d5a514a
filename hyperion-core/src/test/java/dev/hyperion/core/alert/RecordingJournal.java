// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.spi.ClientBlocker;
import java.util.List;

/** Writes what it is told into a list of lines, beside those of others. */
final class RecordingJournal implements AlertJournal {
    private final List<String> lines;

    RecordingJournal(List<String> lines) {
        this.lines = lines;
    }

    @Override
    public Kept kept() {
        return new Kept(List.of(), List.of(), List.of(), List.of(), List.of());
    }

    @Override
    public void happened(List<Pending> events) {
        events.forEach(each -> lines.add("happened " + each.event().id()));
    }

    @Override
    public void settled(List<AlertEvent> events, String notifier, String how) {
        events.forEach(event -> lines.add("settled " + event.id() + " " + notifier + " " + how));
    }

    @Override
    public void ruleAdded(AlertRule rule) {}

    @Override
    public void ruleRemoved(String name) {}

    @Override
    public void silenced(Silence silence) {}

    @Override
    public void silenceEnded(String id) {}

    @Override
    public void blocked(ClientBlocker.Block block) {}
}
