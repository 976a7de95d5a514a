// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/** The form in which a backend tells where a version answers, and in which a router takes it. */
public enum TargetKind {
    /** The address of each replica. */
    ENDPOINTS,
    /** The name of a service that knows its replicas. */
    SERVICE
}
