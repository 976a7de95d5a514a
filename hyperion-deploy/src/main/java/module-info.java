// SPDX-License-Identifier: Apache-2.0
/** The rollout engine: plans, journal, judge and the loop that carries rollouts out. */
module dev.hyperion.deploy {
    requires transitive dev.hyperion.api;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports dev.hyperion.deploy.judge;

    provides dev.hyperion.spi.DeploymentManagerProvider with
            dev.hyperion.deploy.engine.RolloutEngineProvider;
}
