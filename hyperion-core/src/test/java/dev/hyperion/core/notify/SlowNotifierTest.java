// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A running instance whose notifiers are not all well: real queues, real servers. */
@Timeout(180)
class SlowNotifierTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static Hyperion hyperion(Map<String, Object> plugins) {
        return Hyperion.builder()
                .config(Map.of(
                        "monitoring", Map.of("interval", "100ms", "alert_interval", "100ms"), "plugins", plugins))
                .start();
    }

    private static void raise(Hyperion hyperion, String name) {
        hyperion.monitoring().meters().gauge(name, 5);
        hyperion.monitoring()
                .addAlert(AlertRule.when(name, name, Comparison.GT, "1").build());
    }

    private static boolean told(Receiver receiver, String name) {
        return receiver.requests().stream().anyMatch(request -> request.body().contains(name));
    }

    @Test
    void aReceiverThatHangsDelaysNeitherTheOthersNorTheEvaluation() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (Receiver hanging = Receiver.raw((in, out) -> {
                    asked.countDown();
                    released.await();
                });
                Receiver well = Receiver.http();
                Hyperion hyperion = hyperion(Map.of(
                        "webhook", Map.of("url", hanging.url("/in")),
                        "slack", Map.of("url", well.url("/in"))))) {
            raise(hyperion, "first.one");
            await().atMost(PATIENCE).until(() -> told(well, "first.one"));
            asked.await();

            // the webhook still hangs, and everything else goes on
            raise(hyperion, "second.one");
            await().atMost(PATIENCE).until(() -> told(well, "second.one"));
            assertThat(released.getCount()).isOne();
        }
    }

    @Test
    void anAlertThatSlackHadNoTimeForComesLaterAndIsNotLost() throws Exception {
        try (Receiver slack = Receiver.http();
                Hyperion hyperion = hyperion(Map.of("slack", Map.of("url", slack.url("/in"))))) {
            slack.answers(429, Map.of("Retry-After", "2"), "slow down").answers(500, Map.of(), "");
            raise(hyperion, "first.one");

            await().atMost(PATIENCE).until(() -> slack.requests().size() == 3);
            assertThat(slack.requests())
                    .allSatisfy(request -> assertThat(request.body()).contains("first.one"));
        }
    }

    @Test
    void aWebhookThatRefusesOneEventGetsTheNext() throws Exception {
        try (Receiver webhook = Receiver.http();
                Hyperion hyperion = hyperion(Map.of("webhook", Map.of("url", webhook.url("/in"))))) {
            webhook.answers(400, Map.of(), "what is first.one?");
            raise(hyperion, "first.one");
            await().atMost(PATIENCE).until(() -> told(webhook, "first.one"));
            raise(hyperion, "second.one");

            await().atMost(PATIENCE).until(() -> told(webhook, "second.one"));
            assertThat(webhook.requests().stream()
                            .filter(request -> request.body().contains("first.one"))
                            .count())
                    .isOne();
        }
    }
}
