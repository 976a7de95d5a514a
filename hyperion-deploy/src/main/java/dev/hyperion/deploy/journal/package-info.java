// SPDX-License-Identifier: Apache-2.0
/**
 * What the rollout engine remembers: the journal of one application and the state that follows from it. The state is a fold
 * over the entries and nothing else, so reading the journal again gives the same state.
 */
@NullMarked
package dev.hyperion.deploy.journal;

import org.jspecify.annotations.NullMarked;
