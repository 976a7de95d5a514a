// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ScaleDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * When the last steps were applied; that is all that cooldowns need.
 *
 * <p>Thread-safety: immutable.
 *
 * @param lastUp when replicas were added last
 * @param lastDown when replicas were removed last
 */
public record ScaleHistory(Optional<Instant> lastUp, Optional<Instant> lastDown) implements ScalingHistory {
    /** Nothing was applied yet. */
    public static final ScaleHistory NONE = new ScaleHistory(Optional.empty(), Optional.empty());

    /** Checks that nothing is null. */
    public ScaleHistory {
        Objects.requireNonNull(lastUp, "lastUp");
        Objects.requireNonNull(lastDown, "lastDown");
    }

    /**
     * The history after a decision was applied.
     *
     * @param decision the decision
     * @param applied how many replicas were asked for
     * @param at when
     * @return unchanged if the number of replicas is
     */
    public ScaleHistory after(ScaleDecision decision, int applied, Instant at) {
        return applied(decision.current(), applied, at);
    }

    @Override
    public ScaleHistory applied(int before, int after, Instant at) {
        if (after == before) {
            return this;
        }
        return after > before
                ? new ScaleHistory(later(lastUp, at), lastDown)
                : new ScaleHistory(lastUp, later(lastDown, at));
    }

    private static Optional<Instant> later(Optional<Instant> before, Instant at) {
        return before.filter(time -> time.isAfter(at)).or(() -> Optional.of(at));
    }

    /**
     * How long no step up may be made. Only steps up count.
     *
     * @param cooldown the policy's cooldown
     * @param now the time
     * @return zero if one may be made
     */
    public Duration upCooldownLeft(Duration cooldown, Instant now) {
        return left(lastUp, cooldown, now);
    }

    /**
     * How long no step down may be made. A step up counts too: it is not to come straight down again.
     *
     * @param cooldown the policy's cooldown
     * @param now the time
     * @return zero if one may be made
     */
    public Duration downCooldownLeft(Duration cooldown, Instant now) {
        Duration sinceUp = left(lastUp, cooldown, now);
        Duration sinceDown = left(lastDown, cooldown, now);
        return sinceUp.compareTo(sinceDown) > 0 ? sinceUp : sinceDown;
    }

    private static Duration left(Optional<Instant> since, Duration cooldown, Instant now) {
        if (since.isEmpty()) {
            return Duration.ZERO;
        }
        Duration elapsed = Duration.between(since.get(), now);
        // a clock that jumped back has not seen the step yet; then the whole cooldown is left, and never more
        Duration left = cooldown.minus(elapsed.isNegative() ? Duration.ZERO : elapsed);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
