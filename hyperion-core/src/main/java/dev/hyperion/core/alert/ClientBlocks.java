// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.AlertAction;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.spi.ClientAddress;
import dev.hyperion.spi.ClientBlocker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out block-ip: journals a block, then hands it to the blocker. The client is named by the label {@value #CLIENT};
 * what is no address there, such as the folded rest of a label with too many values, is blocked for nobody.
 *
 * <p>Clients on this machine are not blocked unless the settings say so: behind a proxy on the same machine everybody comes
 * from there, and so does the operator who would lift the block.
 *
 * <p>Thread-safety: thread-safe.
 */
final class ClientBlocks {
    static final String CLIENT = "client";

    private static final Logger LOG = LoggerFactory.getLogger(ClientBlocks.class);

    private final ClientBlocker blocker;
    private final AlertJournal journal;
    private final HyperionClock clock;
    private final boolean loopbackToo;

    ClientBlocks(ClientBlocker blocker, AlertJournal journal, HyperionClock clock, boolean loopbackToo) {
        this.blocker = blocker;
        this.journal = journal;
        this.clock = clock;
        this.loopbackToo = loopbackToo;
    }

    void act(AlertEvent event) {
        String client = event.labels().get(CLIENT);
        boolean blocks = event.rule().action().equals(Optional.of(AlertAction.BLOCK_IP));
        if (!blocks || event.state() != AlertState.FIRING || client == null) {
            return;
        }
        String rule = event.rule().name();
        try {
            ClientAddress address = new ClientAddress(client);
            if (isLoopback(client) && !loopbackToo) {
                LOG.warn(
                        "alert {} does not block {}: it is this machine; set alerting.block_loopback to block it too",
                        rule,
                        client);
                return;
            }
            Duration length = event.rule().blockFor();
            note(new ClientBlocker.Block(address, clock.now().plus(length), event.text()));
            blocker.block(address, length, event.text());
        } catch (HyperionException | IllegalArgumentException e) {
            LOG.warn("alert {} cannot block client {}: {}", rule, client, e.getMessage());
        }
    }

    private void note(ClientBlocker.Block block) {
        try {
            journal.blocked(block);
        } catch (HyperionException e) {
            LOG.error("the block of {} cannot be journaled, and ends with this process: {}", block, e.getMessage());
        }
    }

    private static boolean isLoopback(String client) {
        return client.startsWith("127.")
                || client.equals("::1")
                || client.equals("0:0:0:0:0:0:0:1")
                || client.startsWith("::ffff:127.");
    }

    /** What was blocked before the last start, for the rest of its time. */
    void restore(List<ClientBlocker.Block> kept) {
        Instant now = clock.now();
        for (ClientBlocker.Block block : kept) {
            if (block.until().isAfter(now)) {
                try {
                    blocker.block(block.address(), Duration.between(now, block.until()), block.why());
                } catch (HyperionException e) {
                    LOG.warn("client {} cannot be blocked again: {}", block.address(), e.getMessage());
                }
            }
        }
    }
}
