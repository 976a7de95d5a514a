// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.security;

import dev.hyperion.HyperionClock;
import dev.hyperion.spi.ClientAddress;
import dev.hyperion.spi.ClientBlocker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps clients off the endpoints of this process. Thread-safety: thread-safe. */
public final class BlockedClients implements ClientBlocker {
    private final HyperionClock clock;
    private final Map<ClientAddress, Block> blocks = new ConcurrentHashMap<>();

    /**
     * Nobody is blocked.
     *
     * @param clock decides when blocks end
     */
    public BlockedClients(HyperionClock clock) {
        this.clock = clock;
    }

    @Override
    public void block(ClientAddress address, Duration expiry, String why) {
        Instant until = clock.now().plus(expiry);
        blocks.merge(
                address,
                new Block(address, until, why),
                (old, now) -> old.until().isAfter(now.until()) ? old : now);
    }

    @Override
    public void unblock(ClientAddress address) {
        blocks.remove(address);
    }

    @Override
    public List<Block> blocks() {
        Instant now = clock.now();
        blocks.values().removeIf(block -> !block.until().isAfter(now));
        return List.copyOf(blocks.values());
    }

    /**
     * Whether a client is kept out.
     *
     * @param address its address
     * @return true until its block ends
     */
    public boolean blocks(String address) {
        if (blocks.isEmpty()) {
            return false;
        }
        Block block = blocks.get(new ClientAddress(address));
        return block != null && block.until().isAfter(clock.now());
    }

    @Override
    public void close() {}
}
