// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.deploy.Endpoint;
import java.util.List;
import java.util.Objects;

/** Where the requests for a version go. */
public sealed interface RouteTarget {
    /**
     * The form of this target.
     *
     * @return its kind
     */
    TargetKind kind();

    /**
     * The addresses of replicas.
     *
     * <p>Thread-safety: immutable.
     *
     * @param all each ready replica that is not draining; may be empty
     */
    record Endpoints(List<Endpoint> all) implements RouteTarget {
        /** Copies the list. */
        public Endpoints {
            all = List.copyOf(all);
        }

        @Override
        public TargetKind kind() {
            return TargetKind.ENDPOINTS;
        }
    }

    /**
     * A service that knows its replicas.
     *
     * <p>Thread-safety: immutable.
     *
     * @param name the service's name
     * @param port its port
     */
    record ServiceTarget(String name, int port) implements RouteTarget {
        /** Checks that nothing is null. */
        public ServiceTarget {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public TargetKind kind() {
            return TargetKind.SERVICE;
        }
    }
}
