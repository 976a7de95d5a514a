// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConfigException;
import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.Secret;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookAlertNotifierTest {
    private static Receiver.Request told(AlertEvent event, Map<String, Object> more) throws Exception {
        try (Receiver receiver = Receiver.http().usually(204, "")) {
            Map<String, Object> section = new java.util.HashMap<>(more);
            section.put("url", receiver.url("/alerts?from=shop"));
            try (AlertNotifier notifier = Notifiers.make(new WebhookAlertNotifierProvider(), section)) {
                assertThat(notifier.deliver(event, Deadline.in(HyperionClock.system(), Duration.ofSeconds(10))))
                        .isInstanceOf(Delivery.Delivered.class);
            }
            return receiver.requests().get(0);
        }
    }

    /** The schema is what receivers were written for: a change here breaks them. */
    @Test
    void theBodyIsThatOfTheDocumentedSchema() throws Exception {
        Receiver.Request request = told(Notifiers.event("e-1", AlertState.FIRING), Map.of());

        assertThat(request.body()).isEqualTo("""
                {"schema":1,"events":[{"id":"e-1","state":"firing","rule":"slow","severity":"critical",\
                "labels":{"team":"shop","version":"1.4.0"},\
                "annotations":{"runbook_url":"https://runbooks/slow"},"metric":"latency.p95","comparison":"gt",\
                "threshold":"250 ms","threshold_value":0.25,"value":0.312,\
                "text":"latency.p95 is 312 ms > 250 ms","description":"Pages after 3 hits.",\
                "started_at":"2026-11-25T12:00:00Z","at":"2026-11-25T12:00:00Z",\
                "contact":{"name":"sre","primary":"sre-oncall@example.com","secondary":"+49 30 1234"},\
                "action":null}]}""");
        assertThat(request.path()).isEqualTo("/alerts?from=shop");
        assertThat(request.headers())
                .containsEntry("content-type", "application/json")
                .doesNotContainKey("x-hyperion-signature");
    }

    @Test
    void aGroupIsOneRequestUnlessTheReceiverRefusesIt() throws Exception {
        List<AlertEvent> group = List.of(
                Notifiers.event("e-1", AlertState.FIRING),
                Notifiers.event("e-2", AlertState.FIRING),
                Notifiers.event("e-3", AlertState.RESOLVED));
        try (Receiver receiver = Receiver.http();
                AlertNotifier notifier =
                        Notifiers.make(new WebhookAlertNotifierProvider(), Map.of("url", receiver.url("/in")))) {
            assertThat(notifier.deliverAll(group, Deadline.in(HyperionClock.system(), Duration.ofSeconds(10))))
                    .hasSize(3)
                    .hasOnlyElementsOfType(Delivery.Delivered.class);
            assertThat(receiver.requests()).hasSize(1);

            receiver.answers(413, Map.of(), "too large");
            receiver.answers(200, Map.of(), "");
            receiver.answers(400, Map.of(), "no such rule");
            receiver.answers(503, Map.of(), "");
            assertThat(notifier.deliverAll(group, Deadline.in(HyperionClock.system(), Duration.ofSeconds(10))))
                    .satisfiesExactly(
                            first -> assertThat(first).isInstanceOf(Delivery.Delivered.class),
                            second -> assertThat(second.toString()).contains("no such rule"),
                            third -> assertThat(third).isInstanceOf(Delivery.Retry.class));
        }
    }

    @Test
    void aReadingThatIsNoNumberIsNull() throws Exception {
        AlertEvent event = Notifiers.event("e-1", AlertState.FIRING, Double.NaN);

        assertThat(told(event, Map.of()).body()).contains("\"value\":null");
    }

    @Test
    void headersOfTheConfigurationAreSent() throws Exception {
        Receiver.Request request = told(
                Notifiers.event("e-1", AlertState.RESOLVED),
                Map.of("headers", Map.of("Authorization", "Bearer abc", "X-Tenant", "shop")));

        assertThat(request.headers())
                .containsEntry("authorization", "Bearer abc")
                .containsEntry("x-tenant", "shop");
        assertThat(request.body()).contains("\"state\":\"resolved\"");
    }

    @Test
    void theSignatureIsTheHmacOfTheBodyThatArrived() throws Exception {
        Receiver.Request request =
                told(Notifiers.event("e-1", AlertState.FIRING), Map.of("signing_key", "a key of ours"));

        assertThat(request.headers())
                .containsEntry(
                        "x-hyperion-signature",
                        WebhookAlertNotifier.signature(Secret.of("a key of ours"), request.body()));
        // the example of RFC 4231, section 4.3, so that the function itself is known to be right
        assertThat(WebhookAlertNotifier.signature(Secret.of("Jefe"), "what do ya want for nothing?"))
                .isEqualTo("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void anEmptySigningKeyIsRefused() {
        assertThatThrownBy(() -> Notifiers.make(
                        new WebhookAlertNotifierProvider(), Map.of("url", "http://127.0.0.1/", "signing_key", " ")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("plugins.webhook.signing_key is empty");
    }
}
