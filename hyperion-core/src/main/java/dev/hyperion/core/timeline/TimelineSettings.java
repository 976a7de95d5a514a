// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How finely, how long and where the timeline is kept.
 *
 * <p>Thread-safety: immutable.
 *
 * @param resolutions finest first
 * @param folder where its segments are; empty to keep it in memory only
 */
public record TimelineSettings(List<Resolution> resolutions, Optional<Path> folder) {
    /**
     * Checks that the resolutions fit together.
     *
     * @throws IllegalArgumentException if they do not
     */
    public TimelineSettings {
        resolutions = List.copyOf(resolutions);
        Resolution.problem(resolutions).ifPresent(problem -> {
            throw new IllegalArgumentException("a timeline resolution " + problem);
        });
    }

    /**
     * Returns the default resolutions without a folder.
     *
     * @return a timeline that ends with its process
     */
    public static TimelineSettings inMemory() {
        return new TimelineSettings(Resolution.defaults(), Optional.empty());
    }
}
