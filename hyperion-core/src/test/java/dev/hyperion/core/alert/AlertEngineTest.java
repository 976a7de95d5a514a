// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionException;
import dev.hyperion.core.security.BlockedClients;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertAction;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Contact;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.monitoring.Window;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.ClientBlocker;
import dev.hyperion.spi.Delivery;
import dev.hyperion.spi.StreamId;
import dev.hyperion.tck.Faults;
import dev.hyperion.tck.SimulatedStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class AlertEngineTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final SimulatedStore store = new SimulatedStore();
    private final Map<String, Map<Map<String, String>, Double>> levels = new HashMap<>();
    private final List<AlertEvent> told = new ArrayList<>();
    private final List<Integer> groups = new ArrayList<>();
    private Delivery answer = new Delivery.Delivered();
    private SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private BlockedClients blocked = new BlockedClients(time);
    private AlertSettings settings = with(Optional.empty(), false);
    private AlertEngine engine = engine(Runnable::run);

    private static AlertSettings with(Optional<Duration> repeatEvery, boolean loopback) {
        AlertSettings d = AlertSettings.defaults();
        return new AlertSettings(
                INTERVAL,
                d.queryDeadline(),
                d.notifierDeadline(),
                List.of(),
                Duration.ZERO,
                repeatEvery,
                loopback,
                Map.of("sre", new Contact("sre", "sre-oncall@example.com", Optional.of("sre-backup@example.com"))));
    }

    private AlertNotifier pager() {
        return new AlertNotifier() {
            @Override
            public Delivery deliver(AlertEvent event, Deadline deadline) {
                told.add(event);
                return answer;
            }

            @Override
            public List<Delivery> deliverAll(List<AlertEvent> group, Deadline deadline) {
                groups.add(group.size());
                return AlertNotifier.super.deliverAll(group, deadline);
            }

            @Override
            public void close() {}
        };
    }

    private AlertEngine engine(Executor executor) {
        AlertParts parts =
                new AlertParts(settings, Map.of("pager", pager()), new StoredAlertJournal(store, time), blocked);
        return new AlertEngine(
                () -> (query, more) -> ask(query), AlertEngineTest::condition, parts, meters, time, time, executor);
    }

    private MetricResult ask(MetricQuery query) {
        Map<Map<String, String>, Double> values = levels.getOrDefault(query.name(), Map.of());
        if (values.isEmpty()) {
            return new MetricResult.NoData("no meter is named " + query.name());
        }
        List<Sample> samples = new ArrayList<>();
        values.forEach((labels, value) -> samples.add(new Sample(labels, new SampleValue.Scalar(value), time.now())));
        return new MetricResult.Samples(samples, new Window(time.now(), time.now()), Coverage.full());
    }

    private static Condition condition(AlertRule rule) {
        Duration window = Duration.ofSeconds(60);
        double limit = rule.threshold().baseValue();
        double clear = rule.clearThreshold().orElse(rule.threshold()).baseValue();
        return new Condition(
                rule.query(window), rule.divisor(window), rule.comparison(), rule.threshold(), limit, clear, 1);
    }

    private static AlertRule.Builder rule(String name) {
        return AlertRule.when(name, "level", Comparison.GT, "5");
    }

    private void level(double value) {
        levels.put("level", Map.of(Map.of(), value));
    }

    private void next() {
        time.advance(INTERVAL);
        engine.tick();
    }

    /** As after kill -9: nothing of the process is left but the store. */
    private void restart(AlertRule... configured) {
        engine.close();
        meters = new SimpleMeterRegistry();
        blocked = new BlockedClients(time);
        engine = engine(Runnable::run);
        for (AlertRule rule : configured) {
            engine.add(rule);
        }
        engine.resume();
    }

    private AlertStatus only() {
        assertThat(engine.statuses()).hasSize(1);
        return engine.statuses().get(0);
    }

    private List<AlertState> states() {
        return told.stream().map(AlertEvent::state).toList();
    }

    @Test
    void anEventSaysBothNumbersWhenItBeganAndWhomToCall() {
        engine.add(
                rule("high").contact("sre").labels(Map.of("team", "payments")).build());
        level(7.5);
        next();
        Instant began = time.now();
        level(2);
        next();

        assertThat(told.get(0).text())
                .isEqualTo("level is 7.5, firing at gt 5 after 1 hit;"
                        + " call sre: sre-oncall@example.com, then sre-backup@example.com");
        assertThat(told.get(0).labels()).isEqualTo(Map.of("team", "payments"));
        assertThat(told.get(0).startedAt())
                .isEqualTo(began)
                .isEqualTo(told.get(0).at());
        assertThat(told.get(1).startedAt()).isEqualTo(began);
        assertThat(told.get(1).at()).isEqualTo(time.now());
        assertThat(told.get(1).text()).startsWith("level is 2, no longer gt 5");
    }

    @Test
    void questionsAboutOneWindowArePutOneAfterTheOther() {
        List<String> asked = new ArrayList<>();
        AlertParts parts = new AlertParts(settings, Map.of(), new StoredAlertJournal(store, time), blocked);
        engine = new AlertEngine(
                () -> (query, more) -> {
                    asked.add(query.address() + (more ? ", more" : ""));
                    return ask(query);
                },
                AlertEngineTest::condition,
                parts,
                new SimpleMeterRegistry(),
                time,
                time,
                Runnable::run);
        for (String metric : List.of("latency.p95", "orders.rate", "latency.p99", "latency{route=\"/pay\"}.p99")) {
            engine.add(
                    AlertRule.when("on " + metric, metric, Comparison.GT, "5").build());
        }
        engine.add(AlertRule.when("again", "latency.p99", Comparison.GT, "9").build());
        asked.clear();

        next();

        assertThat(asked)
                .containsExactly("latency.p95, more", "latency.p99", "orders.rate", "latency{route=\"/pay\"}.p99");

        engine.remove("on latency.p95");
        asked.clear();
        next();

        assertThat(asked).containsExactly("orders.rate", "latency.p99", "latency{route=\"/pay\"}.p99");
    }

    @Test
    void aContactThatIsNotConfiguredIsRefused() {
        assertThatThrownBy(() -> engine.add(rule("high").contact("nobody").build()))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("no contact is named 'nobody'; configured: sre");
    }

    @Test
    void aFiringAlertIsClearOnlyBeyondItsClearThreshold() {
        engine.add(rule("high").clearThreshold("3").build());
        for (double value : new double[] {6, 4, 5, 3.1}) {
            level(value);
            next();
            assertThat(only().state()).as("at %s", value).isEqualTo(AlertState.FIRING);
        }
        level(3);
        next();
        assertThat(only().state()).isEqualTo(AlertState.RESOLVED);
        level(5);
        next();
        assertThat(only().state())
                .as("the clear threshold is not that for firing")
                .isEqualTo(AlertState.RESOLVED);
    }

    @Test
    void aMillisecondDoesNotDecideWhetherTheHitsLastedLongEnough() {
        engine.add(rule("high").lasting(Duration.ofSeconds(30)).build());
        level(6);
        for (long millis : new long[] {0, 10_005, 9_990, 9_999}) {
            assertThat(told).isEmpty();
            time.advance(Duration.ofMillis(millis));
            engine.tick();
        }
        assertThat(only().state())
                .as("after 29.994 s, at the fourth evaluation")
                .isEqualTo(AlertState.FIRING);
    }

    @Test
    void anAlertKeepsFiringForAsLongAsItsRuleSays() {
        engine.add(rule("high").keepFiringFor(Duration.ofSeconds(20)).build());
        level(6);
        next();
        level(1);
        next();
        next();
        assertThat(only().state()).isEqualTo(AlertState.FIRING);
        next(); // 20 s after the first clear evaluation
        assertThat(only().state()).isEqualTo(AlertState.RESOLVED);
    }

    @Test
    void aRuleOnAnUnknownMetricIsAcceptedAndShownAsNoData() {
        engine.add(AlertRule.when("later", "comes.later", Comparison.GT, "5").build());
        next();

        assertThat(only().state()).isEqualTo(AlertState.INACTIVE);
        assertThat(only().noData()).isTrue();
        assertThat(only().detail()).isEqualTo("no meter is named comes.later");

        levels.put("comes.later", Map.of(Map.of(), 6.0));
        next();
        assertThat(only().state()).isEqualTo(AlertState.FIRING);
        assertThat(only().noData()).isFalse();
        assertThat(only().detail()).isEmpty();
    }

    @Test
    void infinityIsBeyondEveryLimitAndAQuotientByZeroIsNoData() {
        engine.add(rule("high").build());
        engine.add(AlertRule.when("share", "level / all", Comparison.GT, "0.5").build());
        level(Double.POSITIVE_INFINITY);
        levels.put("all", Map.of(Map.of(), 0.0));
        next();

        assertThat(told).extracting(e -> e.rule().name()).containsExactly("high");
        AlertStatus share = engine.statuses().get(1);
        assertThat(share.noData()).isTrue();
        assertThat(share.detail()).isEqualTo("the divisor is zero or has no data");
    }

    @Test
    void aQuotientMatchesItsSidesByLabelsAndLeavesOutWhatHasNoPartner() {
        engine.add(AlertRule.when("share", "failed / all", Comparison.GE, "0.5")
                .by(Set.of("version"))
                .build());
        levels.put(
                "failed",
                Map.of(Map.of("version", "1"), 5.0, Map.of("version", "2"), 4.0, Map.of("version", "3"), 9.0));
        levels.put("all", Map.of(Map.of("version", "1"), 10.0, Map.of("version", "2"), 10.0));
        next();

        assertThat(told).hasSize(1);
        assertThat(told.get(0).labels()).isEqualTo(Map.of("version", "1"));
        assertThat(told.get(0).value()).isEqualTo(0.5);
        assertThat(engine.statuses())
                .extracting(AlertStatus::labels)
                .containsExactlyInAnyOrder(Map.of("version", "1"), Map.of("version", "2"));

        levels.remove("all");
        next();
        assertThat(engine.statuses()).allMatch(AlertStatus::noData);
    }

    @Test
    void aSilencedAlertKeepsItsStateAndIsToldWhenTheSilenceEnds() {
        engine.add(rule("high").build());
        engine.silence(new Silence(
                "", "high", Map.of(), "ada", "maintenance", time.now().plusSeconds(35)));
        level(6);
        next();
        Instant began = time.now();
        next();
        assertThat(only().state()).isEqualTo(AlertState.FIRING);
        assertThat(only().silence()).isPresent();
        assertThat(told).isEmpty();

        next();
        next(); // 40 s: the silence has ended
        assertThat(states()).containsExactly(AlertState.FIRING);
        assertThat(told.get(0).startedAt()).isEqualTo(began);
        assertThat(only().silence()).isEmpty();
        assertThat(engine.silences()).isEmpty();
    }

    @Test
    void whatWasToldBeforeASilenceAndEndedWithinItIsToldAsResolvedAfterIt() {
        engine.add(rule("high").build());
        level(6);
        next();
        Silence silence = engine.silence(
                new Silence("", "*", Map.of(), "ada", "", time.now().plusSeconds(600)));
        level(1);
        next();
        assertThat(states()).containsExactly(AlertState.FIRING);

        assertThat(engine.endSilence(silence.id())).isTrue();
        assertThat(engine.endSilence(silence.id())).isFalse();
        next();
        assertThat(states()).containsExactly(AlertState.FIRING, AlertState.RESOLVED);
    }

    @Test
    void anAlertThatComesAndGoesWithinASilenceIsNeverTold() {
        engine.add(rule("high").build());
        Silence silence = engine.silence(
                new Silence("", "high", Map.of(), "ada", "", time.now().plusSeconds(600)));
        level(6);
        next();
        level(1);
        next();
        engine.endSilence(silence.id());
        next();
        assertThat(told).isEmpty();
    }

    @Test
    void aSilenceCoversTheLabelsItNamesAndNoOthers() {
        engine.add(rule("high").by(Set.of("version")).build());
        engine.silence(new Silence(
                "", "high", Map.of("version", "1"), "ada", "", time.now().plusSeconds(600)));
        levels.put("level", Map.of(Map.of("version", "1"), 9.0, Map.of("version", "2"), 9.0));
        next();
        assertThat(told).extracting(AlertEvent::labels).containsExactly(Map.of("version", "2"));
    }

    @Test
    void aSilenceThatEndsInThePastIsRefused() {
        assertThatThrownBy(() -> engine.silence(new Silence("", "high", Map.of(), "ada", "", time.now())))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("which has passed");
        assertThatThrownBy(() -> new Silence("", "high", Map.of(), " ", "", time.now()))
                .hasMessageContaining("does not say who");
        assertThatThrownBy(() -> new Silence("", "", Map.of(), "ada", "", time.now()))
                .hasMessageContaining("names no rule");
    }

    @Test
    void silencesSurviveARestart() {
        AlertRule rule = rule("high").origin(AlertOrigin.CONFIG).build();
        engine.silence(
                new Silence("", "high", Map.of(), "ada", "why", time.now().plusSeconds(60)));
        restart(rule);
        level(6);
        next();
        assertThat(engine.silences()).extracting(Silence::who).containsExactly("ada");
        assertThat(told).isEmpty();
    }

    @Test
    void anAlertThatFiredBeforeACrashDoesNotFireAgainAndResolves() {
        AlertRule rule = rule("high").hits(3).origin(AlertOrigin.CONFIG).build();
        engine.add(rule);
        level(6);
        next();
        next();
        next();
        assertThat(states()).containsExactly(AlertState.FIRING);

        restart(rule);
        next();
        next();
        next();
        next();
        assertThat(only().state()).isEqualTo(AlertState.FIRING);
        assertThat(states()).containsExactly(AlertState.FIRING);
        level(1);
        next();
        assertThat(states()).containsExactly(AlertState.FIRING, AlertState.RESOLVED);
        assertThat(told.get(1).startedAt()).isEqualTo(told.get(0).startedAt());

        restart(rule);
        level(6);
        next();
        assertThat(only().state()).as("what was resolved before counts anew").isEqualTo(AlertState.PENDING);
    }

    @Test
    void anAlertThatFiredBeforeACrashAndHasNoDataForAWholeWindowIsOver() {
        AlertRule rule = rule("high").origin(AlertOrigin.CONFIG).build();
        engine.add(rule);
        level(6);
        next();
        restart(rule);
        levels.clear(); // the new process has not counted anything
        for (int i = 0; i < 5; i++) {
            next();
        }
        assertThat(only().state()).isEqualTo(AlertState.FIRING);
        next(); // 60 s
        assertThat(only().state()).isEqualTo(AlertState.RESOLVED);
        assertThat(states()).containsExactly(AlertState.FIRING, AlertState.RESOLVED);
    }

    @Test
    void aRuleThatIsGoneAfterARestartEndsWhatItSaidWasFiring() {
        engine.add(rule("high").origin(AlertOrigin.CONFIG).build());
        level(6);
        next();
        restart();
        assertThat(states()).containsExactly(AlertState.FIRING, AlertState.RESOLVED);
        assertThat(told.get(1).text()).contains("the rule was removed");
        restart();
        assertThat(told).hasSize(2);
    }

    @Test
    void removingARuleThatFiresTellsThatItIsOver() {
        engine.add(rule("high").build());
        level(6);
        next();
        engine.remove("high");
        assertThat(states()).containsExactly(AlertState.FIRING, AlertState.RESOLVED);
    }

    @Test
    void aRuleThatIsReplacedWhileItFiresGoesOnFiringUntilTheNewOneIsClear() {
        engine.add(rule("high").build());
        level(6);
        next();
        engine.add(AlertRule.when("high", "level", Comparison.GT, "5.5").hits(4).build());
        next();
        assertThat(only().state()).isEqualTo(AlertState.FIRING);
        level(5.2);
        next();
        assertThat(states()).containsExactly(AlertState.FIRING, AlertState.RESOLVED);
    }

    @Test
    void whatWasNotDeliveredBeforeACrashIsDeliveredAfterItWithTheSameId() {
        AlertRule rule = rule("high").build(); // added at run time, so it comes back by itself
        answer = new Delivery.Retry(Duration.ofSeconds(100), "down");
        engine.add(rule);
        level(6);
        next();
        String id = told.get(0).id();
        told.clear();

        answer = new Delivery.Delivered();
        restart();
        assertThat(told).extracting(AlertEvent::id).containsExactly(id);
        next();
        restart();
        next();
        assertThat(told).as("it is settled").hasSize(1);
        assertThat(only().rule().name()).isEqualTo("high");
    }

    @Test
    void aStoreThatCannotWriteDoesNotKeepAnAlertFromBeingTold() {
        engine.add(rule("high").build());
        store.faults().plan("append", Faults.Kind.FAILS, 100);
        level(6);
        next();
        assertThat(states()).containsExactly(AlertState.FIRING);
        assertThat(only().state()).isEqualTo(AlertState.FIRING);
    }

    @Test
    void theJournalDoesNotGrowWithTheYears() {
        AlertRule rule = rule("flaps").origin(AlertOrigin.CONFIG).build();
        engine.add(rule);
        engine.silence(new Silence("", "other", Map.of(), "ada", "", time.now().plusSeconds(1_000_000)));
        for (int i = 0; i < 3_000; i++) {
            level(i % 2 == 0 ? 6 : 1);
            next();
        }
        assertThat(told).hasSize(3_000);
        StreamId stream = new StreamId("alerts");
        assertThat(store.read(stream, 1).count()).isLessThan(1_100);
        assertThat(store.latest(stream).orElseThrow().data()).hasSizeLessThan(3_000);

        restart(rule);
        assertThat(engine.silences()).hasSize(1);
        next();
        assertThat(told).as("nothing old is told again").hasSize(3_000);
    }

    @Test
    void theEventsOfOneEvaluationOfARuleAreHandedOverAsOneGroup() {
        engine.add(rule("high").by(Set.of("version")).build());
        engine.add(rule("higher").by(Set.of("version")).build());
        levels.put(
                "level", Map.of(Map.of("version", "1"), 9.0, Map.of("version", "2"), 9.0, Map.of("version", "3"), 9.0));
        next();
        assertThat(groups).containsExactly(3, 3);
    }

    @Test
    void aFiringAlertIsToldAgainOnlyIfTheSettingsSaySo() {
        settings = with(Optional.of(Duration.ofSeconds(30)), false);
        engine = engine(Runnable::run);
        engine.add(rule("high").build());
        level(6);
        for (int i = 0; i < 8; i++) {
            next();
        }
        assertThat(states()).containsExactly(AlertState.FIRING, AlertState.FIRING, AlertState.FIRING);
        assertThat(told).extracting(AlertEvent::id).doesNotHaveDuplicates();
        assertThat(told)
                .extracting(AlertEvent::startedAt)
                .containsOnly(told.get(0).startedAt());
        assertThat(told.get(1).text()).contains("still firing");
    }

    @Test
    void blockIpBlocksTheClientForItsTimeAndOverARestart() {
        AlertRule rule = rule("intruders")
                .by(Set.of("client"))
                .action(AlertAction.BLOCK_IP)
                .blockFor(Duration.ofMinutes(5))
                .origin(AlertOrigin.CONFIG)
                .build();
        engine.add(rule);
        levels.put("level", Map.of(Map.of("client", "192.0.2.7"), 9.0, Map.of("client", "other"), 9.0));
        next();
        assertThat(blocked.blocks())
                .extracting(block -> block.address().value())
                .containsExactly("192.0.2.7");

        time.advanceSeconds(60);
        restart(rule);
        assertThat(blocked.blocks("192.0.2.7")).isTrue();
        ClientBlocker.Block block = blocked.blocks().get(0);
        assertThat(Duration.between(time.now(), block.until())).isEqualTo(Duration.ofMinutes(4));

        levels.clear();
        time.advance(Duration.ofMinutes(4));
        assertThat(blocked.blocks("192.0.2.7")).isFalse();
        restart(rule);
        assertThat(blocked.blocks()).isEmpty();
    }

    @Test
    void thisMachineIsNotBlockedUnlessTheSettingsSaySo() {
        AlertRule rule = rule("intruders")
                .by(Set.of("client"))
                .action(AlertAction.BLOCK_IP)
                .build();
        levels.put("level", Map.of(Map.of("client", "127.0.0.1"), 9.0, Map.of("client", "0:0:0:0:0:0:0:1"), 9.0));
        engine.add(rule);
        next();
        assertThat(told).hasSize(2);
        assertThat(blocked.blocks()).isEmpty();

        settings = with(Optional.empty(), true);
        engine = engine(Runnable::run);
        engine.add(rule);
        next();
        assertThat(blocked.blocks()).hasSize(2);
    }

    @Test
    void aSilencedAlertBlocksNobody() {
        engine.add(rule("intruders")
                .by(Set.of("client"))
                .action(AlertAction.BLOCK_IP)
                .build());
        engine.silence(
                new Silence("", "intruders", Map.of(), "ada", "", time.now().plusSeconds(600)));
        levels.put("level", Map.of(Map.of("client", "192.0.2.7"), 9.0));
        next();
        assertThat(blocked.blocks()).isEmpty();
    }

    @Test
    void whatFiresIsCountedBySeverityAndDeliveriesByOutcome() {
        engine.add(rule("high").severity(Severity.CRITICAL).build());
        level(6);
        next();
        assertThat(meters.get("hyperion.alerts.firing")
                        .tag("severity", "critical")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("hyperion.alerts.firing")
                        .tag("severity", "info")
                        .gauge()
                        .value())
                .isZero();
        assertThat(meters.get("hyperion.alert.deliveries")
                        .tags("notifier", "pager", "outcome", "delivered")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("hyperion.alert.evaluation").timer().count()).isEqualTo(1);
    }

    @Test
    void aNewRuleOnMissingDataThatIsToFireFires() {
        engine.add(AlertRule.when("absent", "comes.never", Comparison.GT, "1")
                .onMissing(OnMissing.FIRE)
                .hits(2)
                .build());
        next();
        next();
        assertThat(states()).containsExactly(AlertState.FIRING);
        assertThat(told.get(0).value()).isNaN();
        assertThat(told.get(0).text()).contains("comes.never has no data");
    }
}
