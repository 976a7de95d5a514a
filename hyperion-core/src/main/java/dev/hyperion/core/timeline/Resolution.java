// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import dev.hyperion.ConfigException;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long slots are and how far back they are kept.
 *
 * <p>Thread-safety: immutable.
 *
 * @param every the length of a slot, whole milliseconds, 100 ms or more
 * @param kept how far back; one to {@value #MOST_SLOTS} slots
 */
public record Resolution(Duration every, Duration kept) {
    private static final int MOST_SLOTS = 20_000;
    private static final int MOST_RESOLUTIONS = 5;

    /** What a configuration says about one resolution. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("every", ConfigKey.Type.DURATION, "The length of a slot.")
                    .mandatory()
                    .atLeast(0.1),
            ConfigKey.of("for", ConfigKey.Type.DURATION, "How far back slots of this length are kept.")
                    .mandatory()
                    .atLeast(0.1));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is broken
     */
    public Resolution {
        if (every.toMillis() < 100 || every.toNanos() % 1_000_000 != 0) {
            throw new IllegalArgumentException(
                    "slots of " + every + " are too short; expected whole milliseconds, 100 or more");
        }
        if (kept.compareTo(every) < 0 || kept.dividedBy(every) > MOST_SLOTS) {
            throw new IllegalArgumentException("slots of " + every + " kept for " + kept + " are "
                    + kept.dividedBy(every) + "; expected 1 to " + MOST_SLOTS);
        }
    }

    /**
     * Returns what is kept unless configured otherwise.
     *
     * @return 1 s for 10 min, 10 s for 6 h, 5 min for 14 d
     */
    public static List<Resolution> defaults() {
        return List.of(
                new Resolution(Duration.ofSeconds(1), Duration.ofMinutes(10)),
                new Resolution(Duration.ofSeconds(10), Duration.ofHours(6)),
                new Resolution(Duration.ofMinutes(5), Duration.ofDays(14)));
    }

    /**
     * Reads a list of sections.
     *
     * @param sections each of {@link #SCHEMA}; none for the defaults
     * @return finest first
     * @throws ConfigException if they do not fit together, at the section that does not
     */
    public static List<Resolution> read(List<PluginConfig> sections) {
        if (sections.isEmpty()) {
            return defaults();
        }
        List<Resolution> all = new ArrayList<>();
        for (PluginConfig section : sections) {
            try {
                all.add(new Resolution(section.duration("every"), section.duration("for")));
            } catch (IllegalArgumentException e) {
                throw new ConfigException(section.problem("for", String.valueOf(e.getMessage())));
            }
            Optional<String> problem = problem(all);
            if (problem.isPresent()) {
                throw new ConfigException(section.problem("every", problem.get()));
            }
        }
        return List.copyOf(all);
    }

    /** Why resolutions do not fit together; the coarser ones are made, and after a restart completed, from the finer. */
    static Optional<String> problem(List<Resolution> all) {
        if (all.isEmpty() || all.size() > MOST_RESOLUTIONS) {
            return Optional.of("is one of " + all.size() + " resolutions; expected 1 to " + MOST_RESOLUTIONS);
        }
        for (int i = 1; i < all.size(); i++) {
            Resolution finer = all.get(i - 1);
            Resolution coarser = all.get(i);
            if (coarser.every.toMillis() % finer.every.toMillis() != 0 || coarser.every.compareTo(finer.every) <= 0) {
                return Optional.of(
                        "is " + coarser.every + " after " + finer.every + "; expected a multiple of it, finest first");
            }
            if (finer.kept.compareTo(coarser.every) < 0) {
                return Optional.of("is " + coarser.every + ", and what is finer is kept for " + finer.kept
                        + " only; keep that at least as long as one slot of this");
            }
        }
        return Optional.empty();
    }

    int slots() {
        return (int) kept.dividedBy(every);
    }
}
