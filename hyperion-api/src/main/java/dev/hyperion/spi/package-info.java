// SPDX-License-Identifier: Apache-2.0
/**
 * What plugins implement.
 *
 * <p>Each SPI is a small interface beside a provider with a name, a {@link dev.hyperion.spi.ConfigSchema} and a {@code
 * create} method. Providers are found by {@link java.util.ServiceLoader} and chosen by the name in the configuration. Each
 * is created once, with its own section of the configuration and a {@link dev.hyperion.spi.PluginContext}.
 *
 * <p>Every call may block and, unless it says otherwise, carries a {@link dev.hyperion.Deadline}: at it the calling thread is
 * interrupted and the answer is not waited for any more. Calls come from several threads. A call with the same request a
 * second time gives the same end. What cannot be done is thrown as {@link dev.hyperion.PluginException}, which says
 * whether trying again can help; {@link dev.hyperion.ConflictException} and {@link dev.hyperion.FencedException} mean
 * that nothing was changed. Contract tests for each SPI are in {@code hyperion-tck}.
 */
@NullMarked
package dev.hyperion.spi;

import org.jspecify.annotations.NullMarked;
