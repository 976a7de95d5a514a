// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

/**
 * Somebody else changed what this request meant to change: the observed generation is not the expected one. Nothing was
 * changed; observe again and decide anew.
 *
 * <p>Thread-safety: immutable.
 */
public final class ConflictException extends HyperionException {
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String observed;

    /**
     * A conflict on one thing.
     *
     * @param what the thing, such as {@code route of checkout}
     * @param expected the generation that the request carried
     * @param observed the generation that is in force
     */
    public ConflictException(String what, String expected, String observed) {
        super(what + " is at generation " + observed + ", not " + expected + " as expected; observe it again");
        this.expected = expected;
        this.observed = observed;
    }

    /**
     * The generation that the request carried.
     *
     * @return as given by the caller
     */
    public String expected() {
        return expected;
    }

    /**
     * The generation that is in force.
     *
     * @return as observed when the request was refused
     */
    public String observed() {
        return observed;
    }
}
