// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import java.time.Duration;

/**
 * How the engine works.
 *
 * @param interval how often it looks at each application
 * @param callTimeout how long one call of backend or router may take
 * @param artifactTimeout how long fetching an artifact may take
 * @param stepTimeout how long a step that waits for backend or router may take, before the rollout has failed
 * @param planExpiry how long a plan is good
 */
record EngineSettings(
        Duration interval, Duration callTimeout, Duration artifactTimeout, Duration stepTimeout, Duration planExpiry) {}
