// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

/**
 * The caller's epoch is not the newest any more: another operator has taken over. Nothing was changed; the caller must
 * stop acting.
 *
 * <p>Thread-safety: immutable.
 */
public final class FencedException extends HyperionException {
    private static final long serialVersionUID = 1L;

    private final long epoch;
    private final long newest;

    /**
     * A refusal of an old epoch.
     *
     * @param what who refuses, such as {@code store} or {@code router of checkout}
     * @param epoch the epoch that the request carried
     * @param newest the newest epoch that the refusing side has seen
     */
    public FencedException(String what, long epoch, long newest) {
        super(what + " has seen epoch " + newest + " and refuses epoch " + epoch
                + "; another operator acts now, this one must stop");
        this.epoch = epoch;
        this.newest = newest;
    }

    /**
     * The epoch that the request carried.
     *
     * @return the caller's epoch, 0 or more
     */
    public long epoch() {
        return epoch;
    }

    /**
     * The newest epoch that the refusing side has seen.
     *
     * @return always higher than {@link #epoch()}
     */
    public long newest() {
        return newest;
    }
}
