// SPDX-License-Identifier: Apache-2.0
/** Replicas and routers on one machine. */
module dev.hyperion.deploy.local {
    requires transitive dev.hyperion.api;
    requires com.fasterxml.jackson.core;
    requires java.net.http;
    requires org.apache.commons.compress;
    requires static org.jspecify;

    provides dev.hyperion.spi.DeployBackendProvider with
            dev.hyperion.deploy.local.process.ProcessDeployBackendProvider;
    provides dev.hyperion.spi.TrafficRouterProvider with
            dev.hyperion.deploy.local.router.EmbeddedTrafficRouterProvider;
}
