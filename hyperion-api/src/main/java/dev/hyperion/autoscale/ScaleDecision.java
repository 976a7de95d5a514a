// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.Objects;

/** How many replicas there should be, and why. */
public sealed interface ScaleDecision {
    /**
     * How many replicas there were.
     *
     * @return 0 or more
     */
    int current();

    /**
     * How many there should be.
     *
     * @return 0 or more
     */
    int target();

    /**
     * What the decision rests on.
     *
     * @return inputs, clamps, reasons
     */
    DecisionBasis basis();

    /**
     * The word that the command line uses.
     *
     * @return {@code scale-up}, {@code scale-down} or {@code no-op}
     */
    String word();

    /**
     * More replicas.
     *
     * <p>Thread-safety: immutable.
     *
     * @param current how many there were
     * @param target how many there should be, more than there were
     * @param basis what it rests on
     */
    record ScaleUp(int current, int target, DecisionBasis basis) implements ScaleDecision {
        /**
         * Checks the direction.
         *
         * @throws IllegalArgumentException unless target is more than current
         */
        public ScaleUp {
            Objects.requireNonNull(basis, "basis");
            if (current < 0 || target <= current) {
                throw new IllegalArgumentException("scale-up from " + current + " to " + target + " is none");
            }
        }

        @Override
        public String word() {
            return "scale-up";
        }
    }

    /**
     * Fewer replicas.
     *
     * <p>Thread-safety: immutable.
     *
     * @param current how many there were
     * @param target how many there should be, fewer than there were
     * @param basis what it rests on
     */
    record ScaleDown(int current, int target, DecisionBasis basis) implements ScaleDecision {
        /**
         * Checks the direction.
         *
         * @throws IllegalArgumentException unless target is less than current
         */
        public ScaleDown {
            Objects.requireNonNull(basis, "basis");
            if (target < 0 || target >= current) {
                throw new IllegalArgumentException("scale-down from " + current + " to " + target + " is none");
            }
        }

        @Override
        public String word() {
            return "scale-down";
        }
    }

    /**
     * As many replicas as there are.
     *
     * <p>Thread-safety: immutable.
     *
     * @param current how many there are
     * @param basis what it rests on
     */
    record NoOp(int current, DecisionBasis basis) implements ScaleDecision {
        /**
         * Checks the count.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public NoOp {
            Objects.requireNonNull(basis, "basis");
            if (current < 0) {
                throw new IllegalArgumentException("there cannot be " + current + " replicas");
            }
        }

        @Override
        public int target() {
            return current;
        }

        @Override
        public String word() {
            return "no-op";
        }
    }

    /**
     * A decision in the direction from one count to the other.
     *
     * @param current how many there are
     * @param target how many there should be
     * @param basis what it rests on
     * @return up, down or none
     */
    static ScaleDecision of(int current, int target, DecisionBasis basis) {
        if (target > current) {
            return new ScaleUp(current, target, basis);
        }
        return target < current ? new ScaleDown(current, target, basis) : new NoOp(current, basis);
    }
}
