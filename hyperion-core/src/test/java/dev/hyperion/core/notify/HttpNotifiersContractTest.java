// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.tck.AlertNotifierContract;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** The contract of every notifier, kept by each of those that speak HTTP. */
class HttpNotifiersContractTest {
    private static final Pattern EVENT = Pattern.compile("event-[A-Z]+");

    abstract static class Contract extends AlertNotifierContract {
        private final AlertNotifierProvider provider;
        private Receiver receiver;

        Contract(AlertNotifierProvider provider) {
            this.provider = provider;
        }

        @BeforeEach
        void listen() throws IOException {
            receiver = Receiver.http();
        }

        @AfterEach
        void end() throws Exception {
            receiver.close();
        }

        @Override
        protected AlertNotifier notifier() {
            return Notifiers.make(provider, Map.of("url", receiver.url("/in")));
        }

        @Override
        protected int arrived() {
            return receiver.distinct(EVENT);
        }
    }

    @Nested
    class Webhook extends Contract {
        Webhook() {
            super(new WebhookAlertNotifierProvider());
        }
    }

    @Nested
    class Slack extends Contract {
        Slack() {
            super(new SlackAlertNotifierProvider());
        }
    }

    @Nested
    class Alertmanager extends Contract {
        Alertmanager() {
            super(new AlertmanagerAlertNotifierProvider());
        }
    }
}
