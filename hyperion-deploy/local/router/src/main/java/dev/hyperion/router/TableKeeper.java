// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Holds the table: decides who may replace it, makes the new one durable, then puts it in force. An answer is given only
 * after both, so a table that was acknowledged survives any crash.
 *
 * <p>Thread-safety: thread-safe.
 */
final class TableKeeper {
    private final StateFolder folder;
    private final Dispatcher dispatcher;
    private RouteTable table;

    TableKeeper(StateFolder folder, Dispatcher dispatcher) throws IOException {
        this.folder = folder;
        this.dispatcher = dispatcher;
        this.table = folder.readTable();
        dispatcher.install(table);
    }

    synchronized RouteTable table() {
        return table;
    }

    /**
     * Replaces the whole table.
     *
     * @param expected the generation which the asker saw; empty to replace whatever is there
     * @param epoch the asker's epoch
     * @param planId the plan it acts for
     * @param stepId the step of that plan; a second request with the same ids and shares is the
     *     same request, whatever it expects: it changes nothing and gets the same answer
     * @param shares the wanted table
     * @throws IllegalArgumentException if the shares make no table
     * @throws IOException if it could not be made durable; the old table stays in force
     */
    synchronized TableAnswer replace(
            OptionalLong expected, long epoch, String planId, String stepId, Map<String, Share> shares)
            throws IOException {
        if (epoch < table.epoch()) {
            return new TableAnswer.Fenced(table.epoch());
        }
        boolean repeated = table.planId().equals(planId)
                && table.stepId().equals(stepId)
                && table.shares().equals(shares);
        if (!repeated && expected.isPresent() && expected.getAsLong() != table.generation()) {
            shutOlderOnesOut(epoch);
            return new TableAnswer.Conflict(table.generation());
        }
        boolean changes = !table.shares().equals(shares);
        RouteTable next = new RouteTable(
                changes ? table.generation() + 1 : table.generation(),
                epoch,
                planId,
                stepId,
                repeated ? table.changed() : changes,
                shares);
        if (!next.equals(table)) {
            put(next);
        }
        return new TableAnswer.Applied(next);
    }

    /** A newer operator has been here, even if it had another table in mind: its forerunners act no more. */
    private void shutOlderOnesOut(long epoch) throws IOException {
        if (epoch > table.epoch()) {
            put(new RouteTable(
                    table.generation(), epoch, table.planId(), table.stepId(), table.changed(), table.shares()));
        }
    }

    private void put(RouteTable next) throws IOException {
        folder.writeTable(next);
        table = next;
        dispatcher.install(next);
    }
}
