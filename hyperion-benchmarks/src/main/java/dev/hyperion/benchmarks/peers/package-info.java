// SPDX-License-Identifier: Apache-2.0
/** Whom Hyperion is measured beside: each peer once, with one adapter per kind of instrument, and the data that all get. */
@NullMarked
package dev.hyperion.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
