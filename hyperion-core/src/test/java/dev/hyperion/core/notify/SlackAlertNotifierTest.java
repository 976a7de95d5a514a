// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackAlertNotifierTest {
    private static Delivery deliver(Receiver receiver, AlertEvent event, Map<String, Object> more) {
        Map<String, Object> section = new HashMap<>(more);
        section.put("url", receiver.url("/services/T0/B0/secret"));
        try (AlertNotifier notifier = Notifiers.make(new SlackAlertNotifierProvider(), section)) {
            return notifier.deliver(event, Deadline.in(HyperionClock.system(), Duration.ofSeconds(10)));
        }
    }

    @Test
    void aMessageHasSeverityBothNumbersLabelsAndColour() throws Exception {
        try (Receiver receiver = Receiver.http()) {
            assertThat(deliver(receiver, Notifiers.event("e-1", AlertState.FIRING), Map.of("channel", "#ops")))
                    .isInstanceOf(Delivery.Delivered.class);

            assertThat(receiver.requests().get(0).body())
                    .startsWith("{\"channel\":\"#ops\",\"text\":\"CRITICAL: slow fires\"")
                    .contains("\"color\":\"danger\"")
                    .contains("latency.p95 is 312 ms &gt; 250 ms\\nPages after 3 hits.")
                    .contains("{\"title\":\"threshold\",\"value\":\"gt 250 ms\",\"short\":true}")
                    .contains("{\"title\":\"labels\",\"value\":\"team=shop, version=1.4.0\",\"short\":false}")
                    .contains("{\"title\":\"latency.p95\",\"value\":\"312 ms\",\"short\":true}")
                    .contains("sre: sre-oncall@example.com, then +49 30 1234")
                    .contains("https://runbooks/slow")
                    .contains("\"footer\":\"event e-1\",\"ts\":1795608000}");
        }
    }

    @Test
    void theEndOfAnAlertIsGreenAndNamesNoChannelUnlessTold() throws Exception {
        try (Receiver receiver = Receiver.http()) {
            deliver(receiver, Notifiers.event("e-2", AlertState.RESOLVED), Map.of());

            assertThat(receiver.requests().get(0).body())
                    .startsWith("{\"text\":\"resolved: slow\"")
                    .contains("\"color\":\"good\"");
        }
    }

    @Test
    void aGroupIsOneMessageOfTwentyAtMostAndWhatFollowsARefusedMomentWaits() throws Exception {
        List<AlertEvent> group = IntStream.range(0, 45)
                .mapToObj(i -> Notifiers.event("e-" + i, AlertState.FIRING))
                .toList();
        try (Receiver receiver = Receiver.http();
                AlertNotifier notifier =
                        Notifiers.make(new SlackAlertNotifierProvider(), Map.of("url", receiver.url("/in")))) {
            receiver.answers(200, Map.of(), "ok");
            receiver.answers(429, Map.of("Retry-After", "30"), "slow down");

            List<Delivery> deliveries =
                    notifier.deliverAll(group, Deadline.in(HyperionClock.system(), Duration.ofSeconds(10)));

            assertThat(deliveries.subList(0, 20)).hasOnlyElementsOfType(Delivery.Delivered.class);
            assertThat(deliveries.subList(20, 45))
                    .hasSize(25)
                    .allSatisfy(delivery -> assertThat(delivery)
                            .isInstanceOfSatisfying(
                                    Delivery.Retry.class,
                                    retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(30))));
            assertThat(receiver.requests()).hasSize(2);
            assertThat(receiver.requests().get(0).body())
                    .contains("\"text\":\"CRITICAL: slow fires, and 19 more\"")
                    .contains("event e-19\"")
                    .doesNotContain("event e-20\"");
        }
    }

    @Test
    void aLabelCannotCallPeopleOrHideALink() throws Exception {
        try (Receiver receiver = Receiver.http()) {
            Map<String, String> labels = Map.of("client", "<!channel> <https://evil|ok> & co");
            deliver(receiver, Notifiers.event("e-1", AlertState.FIRING, labels, Instant.EPOCH), Map.of());

            assertThat(receiver.requests().get(0).body())
                    .contains("client=&lt;!channel&gt; &lt;https://evil|ok&gt; &amp; co")
                    .doesNotContain("<");
        }
    }

    @Test
    void aLongTextIsCutBeforeItIsEscapedAndNotWithinACharacter() {
        assertThat(SlackAlertNotifier.escaped("a".repeat(9) + "&", 10)).isEqualTo("aaaaaaaaa&amp;");
        assertThat(SlackAlertNotifier.escaped("a".repeat(9) + "&b", 10)).isEqualTo("aaaaaaaaa&amp;…");
        assertThat(SlackAlertNotifier.escaped("a".repeat(9) + "\ud83d\ude00b", 10))
                .isEqualTo("aaaaaaaaa…");
    }

    @Test
    void aLabelOfAMegabyteStillMakesAMessageThatSlackTakes() throws Exception {
        try (Receiver receiver = Receiver.http()) {
            Map<String, String> labels = Map.of("client", "<".repeat(1_000_000));
            deliver(receiver, Notifiers.event("e-1", AlertState.FIRING, labels, Instant.EPOCH), Map.of());

            assertThat(receiver.requests().get(0).body()).hasSizeLessThan(10_000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_payload",
        "400, user_not_found",
        "403, action_prohibited",
        "404, channel_not_found",
        "404, no_service",
        "410, channel_is_archived"
    })
    void whatSlackRefusesIsToldInItsOwnWords(int status, String error) throws Exception {
        try (Receiver receiver = Receiver.http().answers(status, Map.of(), error)) {
            assertThat(deliver(receiver, Notifiers.event("e-1", AlertState.FIRING), Map.of()))
                    .isInstanceOfSatisfying(
                            Delivery.Rejected.class,
                            rejected -> assertThat(rejected.why()).endsWith("answered " + status + ": " + error));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>please log in</html>", "", "{\"ok\":false}"})
    void anAnswerOf200ThatDoesNotSayOkIsNotTakenForADelivery(String body) throws Exception {
        try (Receiver receiver = Receiver.http().answers(200, Map.of(), body)) {
            assertThat(deliver(receiver, Notifiers.event("e-1", AlertState.FIRING), Map.of()))
                    .isInstanceOf(Delivery.Retry.class);
        }
    }
}
