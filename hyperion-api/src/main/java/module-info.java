// SPDX-License-Identifier: Apache-2.0
/** The interfaces, values and SPIs of Hyperion. No engine is in here. */
@SuppressWarnings("module") // the engines are not there when this module is compiled
module dev.hyperion.api {
    requires static transitive org.jspecify;
    requires transitive micrometer.core;
    requires transitive org.slf4j;

    exports dev.hyperion;
    exports dev.hyperion.autoscale;
    exports dev.hyperion.deploy;
    exports dev.hyperion.monitoring;
    exports dev.hyperion.spi;
    exports dev.hyperion.plugin to
            dev.hyperion.core;

    uses dev.hyperion.spi.AlertNotifierProvider;
    uses dev.hyperion.spi.AutoScalerProvider;
    uses dev.hyperion.spi.ClientBlockerProvider;
    uses dev.hyperion.spi.DeployBackendProvider;
    uses dev.hyperion.spi.DeploymentManagerProvider;
    uses dev.hyperion.spi.HealthCheckProvider;
    uses dev.hyperion.spi.LeaderElectorProvider;
    uses dev.hyperion.spi.LogBridgeProvider;
    uses dev.hyperion.spi.MetricSourceProvider;
    uses dev.hyperion.spi.StateStoreProvider;
    uses dev.hyperion.spi.TrafficRouterProvider;
}
