// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthCheckOptions;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.spi.Leadership;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checks of what an instance itself depends on. Thread-safety: immutable. */
public final class OwnChecks {
    /** For the disk: what is written is lost one day, what is served goes on. */
    public static final HealthCheckOptions WORKS_WITHOUT =
            HealthCheckOptions.usual().notCritical();

    private static final StreamId ANY = new StreamId("health");

    private OwnChecks() {}

    /**
     * Whether the store answers.
     *
     * @param store the store; read and not written
     * @return the check
     */
    public static HealthCheck store(StateStore store) {
        return deadline -> {
            store.latest(ANY);
            return HealthFinding.up();
        };
    }

    /**
     * Who leads. Waiting for the lead is as good as having it.
     *
     * @param leadership what this instance campaigns for
     * @return the check
     */
    public static HealthCheck leader(Leadership leadership) {
        return deadline -> HealthFinding.up(
                leadership.held() ? "leads, with epoch " + leadership.epoch() : "led by " + leadership.holder());
    }

    /**
     * Whether there is room.
     *
     * @param folder where state is kept; it need not be there yet
     * @param free bytes that should be free
     * @return the check
     */
    public static HealthCheck disk(Path folder, long free) {
        return deadline -> {
            Path there = folder.toAbsolutePath();
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            long usable = Files.getFileStore(there).getUsableSpace();
            String room = (usable >> 20) + " MiB free in " + folder;
            return usable >= free
                    ? HealthFinding.up(room)
                    : HealthFinding.down(
                            room + ", fewer than " + (free >> 20) + " MiB; make room, or set health.disk_free");
        };
    }
}
