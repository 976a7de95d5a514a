// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.time.ManualTime;
import dev.hyperion.spi.Leadership;
import dev.hyperion.spi.LeadershipListener;
import dev.hyperion.tck.LeaderElectorContract;
import dev.hyperion.tck.SimulatedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLeaderElectorTest extends LeaderElectorContract {
    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime();
    private final SimulatedStore store = new SimulatedStore();
    private final List<String> heard = new ArrayList<>();

    @Override
    protected void pass(Duration length) {
        time.advance(length);
    }

    @Override
    protected FileLeaderElector elector() {
        return new FileLeaderElector(folder, store, time);
    }

    private LeadershipListener listener(String name) {
        return new LeadershipListener() {
            @Override
            public void acquired(Leadership leadership) {
                heard.add(name + " leads");
            }

            @Override
            public void lost(String why) {
                heard.add(name + " lost");
            }
        };
    }

    @Test
    void theFirstLeadsAndTheSecondFollowsOnceTheFirstGivesUp() {
        try (FileLeaderElector one = elector();
                FileLeaderElector two = elector()) {
            Leadership first = one.campaign("operator", listener("first"));
            Leadership second = two.campaign("operator", listener("second"));
            assertThat(first.held()).isTrue();
            assertThat(second.held()).isFalse();
            assertThat(second.epoch()).isZero();
            assertThat(second.holder())
                    .isEqualTo("pid " + ProcessHandle.current().pid());
            long epoch = first.epoch();

            first.close();
            time.advanceSeconds(3);

            assertThat(first.held()).isFalse();
            assertThat(second.held()).isTrue();
            assertThat(second.epoch()).isGreaterThan(epoch);
            assertThat(heard).containsExactly("first leads", "first lost", "second leads");
        }
    }
}
