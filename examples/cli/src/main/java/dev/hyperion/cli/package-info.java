// SPDX-License-Identifier: Apache-2.0
/** The command line {@code hyperion_cli}: one class per group of commands, {@code ApiClient} to reach an instance. */
@NullMarked
package dev.hyperion.cli;

import org.jspecify.annotations.NullMarked;
