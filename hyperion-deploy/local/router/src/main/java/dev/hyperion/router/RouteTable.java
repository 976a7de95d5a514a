// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which version gets which share, and who said so.
 *
 * <p>Thread-safety: immutable.
 *
 * @param generation rises by one with every table that differs from the one before; 0 for the empty table before the first
 * @param epoch of the operator that wrote it; a lower one is refused from then on
 * @param planId the plan of the request that wrote it
 * @param stepId the step of the request that wrote it
 * @param changed whether that request changed anything: its answer, should it come again
 * @param shares by version, in the order of their names; the weights add up to {@link Share#WHOLE}, or there are none
 */
record RouteTable(
        long generation, long epoch, String planId, String stepId, boolean changed, Map<String, Share> shares) {
    static final RouteTable EMPTY = new RouteTable(0, 0, "", "", false, Map.of());

    RouteTable {
        shares = Collections.unmodifiableMap(new TreeMap<>(shares));
        int total = shares.values().stream().mapToInt(Share::weight).sum();
        if (total != Share.WHOLE && !shares.isEmpty()) {
            throw new IllegalArgumentException(
                    "the weights add up to " + total + "; expected " + Share.WHOLE + " over all versions");
        }
        shares.keySet().forEach(RouteTable::requireHeaderValue);
    }

    /** A version is sent as a response header, so a line break in it would be the writer's own header. */
    private static void requireHeaderValue(String version) {
        if (version.isBlank() || version.length() > 128 || version.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
            throw new IllegalArgumentException(
                    "version '" + version + "' cannot be sent as a header; expected 1 to 128 visible ASCII characters");
        }
    }
}
