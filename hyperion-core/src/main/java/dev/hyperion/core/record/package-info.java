// SPDX-License-Identifier: Apache-2.0
/**
 * The recorders under every timer and summary: concurrent log-linear histograms whose writers neither lock, nor allocate,
 * nor read a clock.
 *
 * <p>Other packages of this module create {@link dev.hyperion.core.record.LatencyRecorder} and {@link
 * dev.hyperion.core.record.ValueRecorder} and read {@link dev.hyperion.core.record.HistogramCopy}; nothing here knows of
 * meters, windows or formats. Memory order is told by the access modes at each {@code VarHandle} call.
 */
@NullMarked
package dev.hyperion.core.record;

import org.jspecify.annotations.NullMarked;
