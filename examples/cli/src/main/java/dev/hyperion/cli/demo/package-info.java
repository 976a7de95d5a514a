// SPDX-License-Identifier: Apache-2.0
/** The demo: the main job in one command, judged by the client's own log and by the operating system. */
@NullMarked
package dev.hyperion.cli.demo;

import org.jspecify.annotations.NullMarked;
