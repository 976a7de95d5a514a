// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static dev.hyperion.autoscale.loop.ScaledShop.POLICY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.monitoring.LogEntry;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Two writers of one replica count fight over it: only who leads acts, and who still believes it does cannot. */
class LeadershipTest {
    private final ScaledShop shop = new ScaledShop(POLICY, 4);

    @Test
    void whoDoesNotLeadDecidesAndWritesNothing() {
        shop.loseLeadership();
        long written = shop.world().store().appends();
        shop.cpu(90);

        shop.pass(Duration.ofMinutes(5));

        assertThat(shop.fleet().actions()).isEmpty();
        assertThat(shop.world().store().appends()).isEqualTo(written);
        assertThat(shop.scaler().plan(OptionalInt.of(4)).target())
                .as("asked, it says what it would do")
                .isEqualTo(6);
    }

    @Test
    void whoWasOvertakenAndDoesNotKnowItYetIsFencedBeforeItActs() {
        shop.pass(Duration.ofSeconds(30));
        shop.world().operator(); // somebody else leads, with a higher epoch
        shop.cpu(90);

        shop.pass(Duration.ofMinutes(5));

        assertThat(shop.fleet().actions()).isEmpty();
        assertThat(shop.world().monitoring().logged())
                .extracting(LogEntry::message)
                .anyMatch(message -> message.startsWith("scaling of shop was not carried out: "));
    }
}
