// SPDX-License-Identifier: Apache-2.0
/**
 * What Linux knows about processes: which one is meant, whether it lives, how one is started that outlives us. Shared by the
 * process backend and the embedded router; knows neither.
 */
@NullMarked
package dev.hyperion.deploy.local.os;

import org.jspecify.annotations.NullMarked;
