// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/** What became of a request for another table. */
sealed interface TableAnswer {
    /**
     * The table is durable and in force.
     *
     * @param table the table; it also knows whether the request changed anything
     */
    record Applied(RouteTable table) implements TableAnswer {}

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
