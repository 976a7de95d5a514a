// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/** What became of a request for another table. */
sealed interface TableAnswer {
    /**
     * The table is durable and in force.
     *
     * @param table the table
     * @param repeated true if the same request had been carried out before, so that nothing changed
     */
    record Applied(RouteTable table, boolean repeated) implements TableAnswer {}

    /**
     * The asker had another table in mind; nothing changed.
     *
     * @param observed the generation that is in force
     */
    record Conflict(long observed) implements TableAnswer {}

    /**
     * A newer operator has spoken already; nothing changed.
     *
     * @param newest the newest operator's epoch
     */
    record Fenced(long newest) implements TableAnswer {}
}
