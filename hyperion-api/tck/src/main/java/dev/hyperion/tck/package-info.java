// SPDX-License-Identifier: Apache-2.0
/**
 * For authors of plugins and engines: contract tests of each SPI, virtual time, and a simulated world with faults. Extend the
 * contract of the SPI that you implement, and JUnit runs it.
 */
@NullMarked
package dev.hyperion.tck;

import org.jspecify.annotations.NullMarked;
