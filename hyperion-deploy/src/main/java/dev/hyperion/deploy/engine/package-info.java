// SPDX-License-Identifier: Apache-2.0
/**
 * The rollout engine. {@link dev.hyperion.deploy.engine.RolloutDriver} is the state machine: read it first. {@link
 * dev.hyperion.deploy.engine.StepRunner} carries single steps out, {@link dev.hyperion.deploy.engine.ApplicationController}
 * holds what belongs to one application together, {@link dev.hyperion.deploy.engine.RolloutEngineProvider} is the door.
 */
@NullMarked
package dev.hyperion.deploy.engine;

import org.jspecify.annotations.NullMarked;
