// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.HyperionException;
import java.util.Objects;

/**
 * What one metric should be, in the four kinds of Kubernetes' {@code autoscaling/v2}. Quantities are in thousandths ({@code
 * 1500} is 1.5), as the HPA holds them, so that results agree to the last digit.
 */
public sealed interface TargetMetric {
    /**
     * The metric's address.
     *
     * @return such as {@code cpu.usage}
     */
    String name();

    /**
     * Usage in percent of what each replica requested, over all replicas: HPA's {@code Resource} and {@code
     * ContainerResource} with {@code averageUtilization}.
     *
     * <p>Thread-safety: immutable.
     *
     * @param name the metric's address
     * @param percent the wanted utilization, 1 or more; above 100 is allowed
     * @param inflatedByStart whether a starting replica shows more of it than its work explains, as with CPU: then
     *     replicas that are not ready, or are still warming up, do not count
     */
    record Utilization(String name, int percent, boolean inflatedByStart) implements TargetMetric {
        /**
         * Checks the target.
         *
         * @throws HyperionException if it is below 1
         */
        public Utilization {
            Objects.requireNonNull(name, "name");
            require(name, percent);
        }
    }

    /**
     * The mean over replicas: HPA's {@code Pods}, and {@code Resource} with {@code averageValue}.
     *
     * <p>Thread-safety: immutable.
     *
     * @param name the metric's address
     * @param milli the wanted mean in thousandths, 1 or more
     * @param inflatedByStart as in {@link Utilization}; HPA: true for the resource CPU, false for {@code Pods} metrics
     */
    record PerReplica(String name, long milli, boolean inflatedByStart) implements TargetMetric {
        /**
         * Checks the target.
         *
         * @throws HyperionException if it is below 1
         */
        public PerReplica {
            Objects.requireNonNull(name, "name");
            require(name, milli);
        }
    }

    /**
     * One value for the application as a whole, whose ratio to the target scales the ready replicas: HPA's {@code Object}
     * and {@code External} with {@code value}.
     *
     * <p>Thread-safety: immutable.
     *
     * @param name the metric's address
     * @param milli the wanted value in thousandths, 1 or more
     */
    record Value(String name, long milli) implements TargetMetric {
        /**
         * Checks the target.
         *
         * @throws HyperionException if it is below 1
         */
        public Value {
            Objects.requireNonNull(name, "name");
            require(name, milli);
        }
    }

    /**
     * One value for the application as a whole, of which each replica should carry so much: HPA's {@code Object} and {@code
     * External} with {@code averageValue}.
     *
     * <p>Thread-safety: immutable.
     *
     * @param name the metric's address
     * @param milli the share of one replica in thousandths, 1 or more
     */
    record ValuePerReplica(String name, long milli) implements TargetMetric {
        /**
         * Checks the target.
         *
         * @throws HyperionException if it is below 1
         */
        public ValuePerReplica {
            Objects.requireNonNull(name, "name");
            require(name, milli);
        }
    }

    private static void require(String name, long target) {
        if (target < 1) {
            throw new HyperionException("target of " + name + " is " + target + "; expected 1 or more");
        }
    }
}
