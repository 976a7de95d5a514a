// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.security;

import dev.hyperion.core.time.ManualTime;
import dev.hyperion.spi.ClientBlocker;
import dev.hyperion.tck.ClientBlockerContract;
import java.time.Duration;

class BlockedClientsTest extends ClientBlockerContract {
    private final ManualTime time = new ManualTime();

    @Override
    protected ClientBlocker blocker() {
        return new BlockedClients(time);
    }

    @Override
    protected void pass(Duration length) {
        time.advance(length);
    }
}
