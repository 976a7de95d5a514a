// SPDX-License-Identifier: Apache-2.0
/** The bridge from Logback into the log ring. */
module dev.hyperion.logback {
    requires static transitive org.jspecify;
    requires transitive dev.hyperion.api;
    requires transitive ch.qos.logback.classic;
    requires transitive ch.qos.logback.core;

    exports dev.hyperion.logback;

    provides dev.hyperion.spi.LogBridgeProvider with
            dev.hyperion.logback.LogbackBridgeProvider;
}
