// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import java.util.Map;

/**
 * What all series did in one slot, or in the part of it that was closed at once.
 *
 * @param sequence counts the batches of all resolutions; rises also over restarts
 * @param covers the newest batch of the next finer resolution that is contained in this one; 0 for none
 * @param slot the slot's number since 1970
 * @param values slots as {@link SlotBytes} writes them, by the name of the series
 */
record Batch(long sequence, long covers, long slot, Map<String, byte[]> values) {}
