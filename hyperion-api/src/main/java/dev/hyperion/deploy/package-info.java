// SPDX-License-Identifier: Apache-2.0
/**
 * Deploying: specifications, plans, rollouts and what can be said about them. Values are immutable; {@link
 * dev.hyperion.deploy.DeploymentManager} is the face of the engine.
 */
@NullMarked
package dev.hyperion.deploy;

import org.jspecify.annotations.NullMarked;
