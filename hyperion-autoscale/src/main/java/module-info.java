// SPDX-License-Identifier: Apache-2.0
/** The autoscaler: pure decisions and the loop that applies them. */
module dev.hyperion.autoscale {
    requires transitive dev.hyperion.api;
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports dev.hyperion.autoscale.policy;

    provides dev.hyperion.spi.AutoScalerProvider with
            dev.hyperion.autoscale.loop.PolicyAutoScalerProvider;
}
