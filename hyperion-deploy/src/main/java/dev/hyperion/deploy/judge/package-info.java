// SPDX-License-Identifier: Apache-2.0
/**
 * Verdicts on canaries as pure functions: the same evidence gives the same verdict. Incubating: names may change until 1.0.
 */
@NullMarked
package dev.hyperion.deploy.judge;

import org.jspecify.annotations.NullMarked;
