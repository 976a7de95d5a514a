// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.core.Hyperion;
import dev.hyperion.core.realparts.DebianProgram;
import dev.hyperion.core.realparts.ServerProcess;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The notifier against the Alertmanager of the Debian package: its routes, inhibitions and repetitions apply. */
@Timeout(300)
class AlertmanagerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Receiver shop;
    private Receiver others;
    private ServerProcess alertmanager;

    @BeforeEach
    void start() throws Exception {
        DebianProgram.ALERTMANAGER.path();
        shop = Receiver.http();
        others = Receiver.http();
        alertmanager = ServerProcess.alertmanager(
                Files.createDirectory(folder.resolve("am")), """
                route:
                  receiver: others
                  group_by: [alertname]
                  group_wait: 100ms
                  group_interval: 500ms
                  routes:
                    - receiver: shop
                      matchers: ['team="shop"', 'severity="critical"']
                inhibit_rules:
                  - source_matchers: ['severity="critical"']
                    target_matchers: ['severity="warning"']
                    equal: [team]
                receivers:
                  - name: shop
                    webhook_configs: [{url: '%s'}]
                  - name: others
                    webhook_configs: [{url: '%s'}]
                """.formatted(shop.url("/shop"), others.url("/others")));
    }

    @AfterEach
    void end() throws Exception {
        if (alertmanager != null) {
            alertmanager.close();
            shop.close();
            others.close();
        }
    }

    private Hyperion hyperion(Map<String, Object> alertmanagerSection, AtomicReference<Double> queue) {
        Hyperion hyperion = Hyperion.builder()
                .dataFolder(folder.resolve("data"))
                .config(Map.of(
                        "store", "sqlite",
                        "monitoring", Map.of("interval", "100ms", "alert_interval", "200ms"),
                        "plugins", Map.of("alertmanager", alertmanagerSection),
                        "alerts",
                                List.of(Map.of(
                                        "name", "backlog",
                                        "metric", "queue.length",
                                        "threshold", "10",
                                        "hits", 2,
                                        "severity", "critical",
                                        "labels", Map.of("team", "shop"),
                                        "description", "Orders pile up."))))
                .start();
        hyperion.monitoring().meters().gauge("queue.length", queue, AtomicReference::get);
        return hyperion;
    }

    private String alerts() {
        try {
            return alertmanager.get("/api/v2/alerts").body();
        } catch (Exception e) {
            return "";
        }
    }

    private static void untilTold(Receiver receiver, String what) {
        await("the receiver is told " + what)
                .atMost(PATIENCE)
                .until(() -> receiver.requests().stream()
                        .anyMatch(request -> request.body().contains(what)));
    }

    private static AlertEvent event(String name, Severity severity, AlertState state) {
        AlertRule rule = AlertRule.when(name, "latency.p95", Comparison.GT, "250 ms")
                .severity(severity)
                .labels(Map.of("team", "shop"))
                .build();
        Instant now = HyperionClock.system().now();
        return new AlertEvent(name, rule, Map.of(), state, 0.3, now, now, Optional.empty(), name + " is slow");
    }

    private AlertNotifier notifier() {
        return Notifiers.make(new AlertmanagerAlertNotifierProvider(), Map.of("url", alertmanager.url()));
    }

    private static Deadline soon() {
        return Deadline.in(HyperionClock.system(), Duration.ofSeconds(10));
    }

    @Test
    void anAlertIsRoutedByItsLabelsAndResolvedWhenItIsOver() {
        AtomicReference<Double> queue = new AtomicReference<>(99.0);
        try (Hyperion hyperion = hyperion(Map.of("url", alertmanager.url()), queue)) {
            untilTold(shop, "\"status\":\"firing\"");
            assertThat(alerts())
                    .contains("\"labels\":{\"alertname\":\"backlog\",\"severity\":\"critical\",\"team\":\"shop\"}")
                    .contains("\"description\":\"Orders pile up.\"")
                    .contains("\"threshold\":\"gt 10\"")
                    .contains("\"value\":\"99\"")
                    .contains("\"state\":\"active\"");

            queue.set(1.0);
            untilTold(shop, "\"status\":\"resolved\"");
            assertThat(alerts()).isEqualToIgnoringWhitespace("[]");
            assertThat(others.requests()).isEmpty();
            assertThat(hyperion.monitoring().alerts().get(0).state()).isEqualTo(AlertState.RESOLVED);
        }
    }

    @Test
    void amtoolListsItByItsLabels() throws Exception {
        try (AlertNotifier notifier = notifier()) {
            notifier.deliver(event("slow", Severity.CRITICAL, AlertState.FIRING), soon());
        }

        assertThat(DebianProgram.AMTOOL
                        .run(folder, "alert", "query", "alertname=slow", "--alertmanager.url=" + alertmanager.url())
                        .output())
                .contains("slow is slow");
    }

    @Test
    void theInhibitionsThatAreThereHoldForOurAlerts() {
        try (AlertNotifier notifier = notifier()) {
            assertThat(notifier.deliverAll(
                            List.of(
                                    event("down", Severity.CRITICAL, AlertState.FIRING),
                                    event("slow", Severity.WARNING, AlertState.FIRING)),
                            soon()))
                    .hasOnlyElementsOfType(Delivery.Delivered.class);
            untilTold(shop, "down is slow");
            await().atMost(PATIENCE).until(() -> alerts().contains("\"state\":\"suppressed\""));
            assertThat(others.requests()).isEmpty();

            notifier.deliver(event("down", Severity.CRITICAL, AlertState.RESOLVED), soon());
            untilTold(others, "slow is slow");
        }
    }

    @Test
    void anAlertmanagerThatWasDownIsToldWhenItIsBack() throws Exception {
        alertmanager.end();
        AtomicReference<Double> queue = new AtomicReference<>(99.0);
        try (Hyperion hyperion = hyperion(Map.of("url", alertmanager.url()), queue)) {
            await().atMost(PATIENCE)
                    .until(() -> hyperion.monitoring().alerts().get(0).state() == AlertState.FIRING);
            alertmanager.start();
            untilTold(shop, "\"status\":\"firing\"");
        }
    }

    @Test
    void anAlertmanagerThatForgotEverythingHearsOfAFiringAlertAgain() throws Exception {
        AtomicReference<Double> queue = new AtomicReference<>(99.0);
        try (Hyperion hyperion = hyperion(Map.of("url", alertmanager.url(), "resend", "1s"), queue)) {
            await().atMost(PATIENCE).until(() -> alerts().contains("backlog"));
            Instant began = hyperion.monitoring().alerts().get(0).since();
            alertmanager.end();
            alertmanager.start(); // its alerts are in memory only

            await().atMost(PATIENCE).until(() -> alerts().contains("backlog"));
            assertThat(alerts()).contains("\"startsAt\":\"" + began.toString().substring(0, 19));
        }
    }

    @Test
    void aFiringAlertStaysWhileItIsRepeatedAndEndsByItselfWhenTheInstanceIsGone() {
        AtomicReference<Double> queue = new AtomicReference<>(99.0);
        Map<String, Object> section = Map.of("url", alertmanager.url(), "resend", "1s");
        try (Hyperion hyperion = hyperion(section, queue)) {
            await().atMost(PATIENCE).until(() -> alerts().contains("backlog"));
            // longer than the four seconds that one message is valid for
            await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> alerts().contains("backlog"));
            assertThat(hyperion.monitoring().alerts().get(0).state()).isEqualTo(AlertState.FIRING);
        }

        await().atMost(PATIENCE).until(() -> !alerts().contains("backlog"));
        untilTold(shop, "\"status\":\"resolved\"");
    }

    @Test
    void anAlertThatFiredBeforeARestartIsRepeatedAfterIt() {
        AtomicReference<Double> queue = new AtomicReference<>(99.0);
        Map<String, Object> section = Map.of("url", alertmanager.url(), "resend", "1s");
        try (Hyperion first = hyperion(section, queue)) {
            await().atMost(PATIENCE).until(() -> alerts().contains("backlog"));
            assertThat(first.monitoring().alerts().get(0).state()).isEqualTo(AlertState.FIRING);
        }
        try (Hyperion second = hyperion(section, queue)) {
            assertThat(second.monitoring().alerts()).hasSize(1);
            await().during(Duration.ofSeconds(6)).atMost(PATIENCE).until(() -> alerts().contains("backlog"));
        }
    }

    @Test
    void oneOfSeveralIsEnoughAndAllAreTold() throws Exception {
        String away = "http://127.0.0.1:" + ServerProcess.freePort();
        try (Receiver second = Receiver.http();
                AlertNotifier notifier = Notifiers.make(
                        new AlertmanagerAlertNotifierProvider(),
                        Map.of("urls", List.of(away, alertmanager.url(), second.url("/am/"))))) {
            assertThat(notifier.deliver(event("slow", Severity.CRITICAL, AlertState.FIRING), soon()))
                    .isInstanceOf(Delivery.Delivered.class);

            assertThat(alerts()).contains("slow is slow");
            assertThat(second.requests())
                    .singleElement()
                    .satisfies(request -> assertThat(request.path()).isEqualTo("/am/api/v2/alerts"));
        }
    }

    @Test
    void aLabelThatPrometheusDoesNotAllowIsSentAsTheExpositionWritesIt() {
        AlertRule rule = AlertRule.when("odd \"name\"", "latency.p95", Comparison.GT, "250 ms")
                .by(java.util.Set.of("http.method"))
                .labels(Map.of("1st-team", "sh\u00f6p"))
                .annotations(Map.of("runbook-url", "https://runbooks"))
                .build();
        Instant now = HyperionClock.system().now();
        AlertEvent event = new AlertEvent(
                "e", rule, Map.of("http.method", "GET"), AlertState.FIRING, 0.3, now, now, Optional.empty(), "slow");
        try (AlertNotifier notifier = notifier()) {
            assertThat(notifier.deliver(event, soon())).isInstanceOf(Delivery.Delivered.class);
        }
        assertThat(alerts())
                .contains(
                        "\"_1st_team\":\"sh\u00f6p\"", "\"http_method\":\"GET\"", "\"alertname\":\"odd \\\"name\\\"\"")
                .contains("\"runbook_url\":\"https://runbooks\"");
    }
}
