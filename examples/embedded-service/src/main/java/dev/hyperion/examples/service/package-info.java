// SPDX-License-Identifier: Apache-2.0
/** A small HTTP service that embeds Hyperion, as an application team would write it. */
@NullMarked
package dev.hyperion.examples.service;

import org.jspecify.annotations.NullMarked;
