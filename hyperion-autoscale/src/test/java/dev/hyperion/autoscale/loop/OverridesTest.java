// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static dev.hyperion.autoscale.loop.ScaledShop.INTERVAL;
import static dev.hyperion.autoscale.loop.ScaledShop.POLICY;
import static dev.hyperion.autoscale.loop.ScaledShop.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.tck.SimulatedCrash;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private final ScaledShop shop = new ScaledShop(POLICY, 4);

    private static ScaledShop shop(Map<String, ?> override) {
        Map<String, Object> settings = new HashMap<>(POLICY);
        settings.put("overrides", List.of(override));
        return new ScaledShop(settings, 4);
    }

    private static ScaleOverride pause(Instant until) {
        return ScaleOverride.of(ScaleOverride.Kind.PAUSE, "ada", "the database moves", until);
    }

    private static ScaleOverride pinned(int replicas, Instant until) {
        return new ScaleOverride(ScaleOverride.Kind.PINNED, replicas, "ada", "load test", until);
    }

    private List<String> journaled() {
        return shop.overrides().stream()
                .map(event -> event.type() + " by " + event.who())
                .toList();
    }

    @Test
    void aPauseHoldsUntilItExpiresAndItsEndIsAudited() {
        Instant until = shop.now().plus(TEN_MINUTES);
        assertThat(shop.scaler().override(pause(until))).isEqualTo(pause(until));
        shop.cpu(90);

        shop.pass(TEN_MINUTES.minusMillis(1));
        assertThat(shop.replicas()).isEqualTo(4);
        assertThat(shop.scaler().overrides()).containsExactly(pause(until));
        assertThat(journaled()).containsExactly("override.said by ada");

        shop.pass(INTERVAL);
        assertThat(shop.replicas()).isEqualTo(6);
        assertThat(shop.scaler().overrides()).isEmpty();
        assertThat(journaled()).containsExactly("override.said by ada", "override.expired by autoscaler");
        assertThat(shop.told())
                .containsExactly(
                        "scaling of shop is paused by ada until " + until + " (the database moves)",
                        "scaling of shop is no longer paused by ada until " + until
                                + " (the database moves): that time is over");
        shop.pass(TEN_MINUTES);
        assertThat(shop.overrides()).as("its end is noted once").hasSize(2);
    }

    @Test
    void itSurvivesAKillAndWhoeverLeadsThenNotesItsEnd() {
        Instant until = shop.now().plus(TEN_MINUTES);
        shop.scaler().override(pinned(7, until));
        shop.kill();
        shop.pass(Duration.ofMinutes(2));
        shop.restart();

        assertThat(shop.scaler().overrides()).containsExactly(pinned(7, until));
        shop.pass(INTERVAL.multipliedBy(2));
        assertThat(shop.replicas()).isEqualTo(7);

        shop.kill();
        shop.pass(TEN_MINUTES);
        shop.restart();
        assertThat(shop.scaler().overrides()).isEmpty();
        shop.pass(INTERVAL.multipliedBy(2));
        assertThat(journaled()).containsExactly("override.said by ada", "override.expired by autoscaler");
    }

    /** Killed in the write itself: either it was said, or nothing happened. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKillInTheWriteLeavesTheOldOneOrTheNewOne(boolean after) {
        Instant until = shop.now().plus(TEN_MINUTES);
        shop.scaler().override(pause(until));
        shop.world().store().crashAt(1, after);
        assertThatThrownBy(() -> shop.scaler().override(pinned(7, until))).isInstanceOf(SimulatedCrash.class);
        shop.kill();
        shop.restart();
        assertThat(shop.scaler().overrides()).containsExactly(after ? pinned(7, until) : pause(until));
    }

    @Test
    void resumedThePolicyDecidesAtTheNextTurnAndWhoAndWhyAreAudited() {
        Instant until = shop.now().plus(TEN_MINUTES);
        shop.scaler().override(pause(until));
        shop.cpu(90);
        shop.pass(INTERVAL.multipliedBy(2));
        assertThat(shop.replicas()).isEqualTo(4);

        assertThat(shop.scaler().resume("bob", "moved")).isEqualTo(pause(until));

        assertThat(shop.scaler().overrides()).isEmpty();
        shop.pass(INTERVAL);
        assertThat(shop.replicas()).isEqualTo(6);
        JournalEvent end = shop.overrides().get(1);
        assertThat(end.type()).isEqualTo("override.resumed");
        assertThat(end.who()).isEqualTo("bob");
        assertThat(end.data()).contains("\"who\":\"ada\"", "\"note\":\"moved\"");
        assertThat(shop.told().get(1)).endsWith("(the database moves): ended by bob (moved)");
    }

    @Test
    void aNewOneTakesThePlaceOfTheOneBefore() {
        Instant until = shop.now().plus(TEN_MINUTES);
        shop.scaler().override(pause(until));
        shop.scaler().override(pinned(3, until));

        assertThat(shop.scaler().overrides()).containsExactly(pinned(3, until));
        assertThat(journaled())
                .containsExactly("override.said by ada", "override.replaced by ada", "override.said by ada");
        assertThat(shop.told().get(1))
                .isEqualTo("scaling of shop is pinned to 3 replicas by ada until " + until
                        + " (load test); until now it was paused by ada until " + until + " (the database moves)");
        shop.scaler().resume("ada", "");
        assertThat(shop.scaler().overrides())
                .as("the one before does not come back")
                .isEmpty();
    }

    @Test
    void whatIsSaidNowBeatsTheConfigurationUntilItEnds() {
        Instant night = shop.now().plus(Duration.ofDays(30));
        ScaledShop paused = shop(Map.of("kind", "pause", "who", "ops", "why", "freeze", "until", night.toString()));
        ScaleOverride configured =
                new ScaleOverride(ScaleOverride.Kind.PAUSE, 0, "ops", "freeze", night, ScaleOverride.Origin.CONFIG);
        assertThat(paused.scaler().overrides()).containsExactly(configured);

        Instant until = paused.now().plus(TEN_MINUTES);
        paused.scaler().override(pinned(7, until));
        assertThat(paused.scaler().overrides()).containsExactly(pinned(7, until));
        paused.pass(INTERVAL);
        assertThat(paused.replicas()).isEqualTo(7);

        paused.cpu(90);
        paused.pass(TEN_MINUTES);
        assertThat(paused.scaler().overrides()).containsExactly(configured);
        assertThat(paused.replicas()).as("paused again").isEqualTo(7);
        assertThatThrownBy(() -> paused.scaler().resume("ada", ""))
                .isInstanceOf(RefusedException.class)
                .hasMessage("shop has no override to end; it is paused by ops until " + night
                        + " (freeze) by its configuration: remove that under autoscale.overrides there");
    }

    @Test
    void theRecordNamesItWithCodeWhoAndWhyEvenIfThePolicyWantsTheSame() {
        Instant until = shop.now().plus(TEN_MINUTES);
        shop.scaler().override(pause(until));
        ExplainedDecision calm = shop.scaler().explain(OptionalInt.of(4));
        assertThat(calm.decision().basis().reasons()).containsExactly(ReasonCode.WITHIN_THRESHOLDS, ReasonCode.PAUSED);
        assertThat(calm.decision().basis().rationale())
                .endsWith("; paused by ada until " + until + " (the database moves)");

        shop.cpu(90);
        ExplainedDecision busy = shop.scaler().explain(OptionalInt.of(4));
        assertThat(busy.decision().basis().reasons())
                .containsExactly(ReasonCode.PAUSED, ReasonCode.ABOVE_SCALE_UP_THRESHOLD);
        assertThat(busy.record())
                .contains("{\"kind\":\"pause\",\"replicas\":0,\"who\":\"ada\",\"why\":\"the database moves\","
                        + "\"expires_at\":\"" + until + "\",\"origin\":\"operator\"}");
        assertThat(DecisionRecord.replay(busy.record()).toJson()).isEqualTo(busy.record());
    }

    /** Else somebody would see replicas come after the pause was confirmed. */
    @Test
    void anOverrideWaitsForTheActionUnderWay() throws Exception {
        AtomicReference<Thread> operator = new AtomicReference<>();
        List<Integer> replicasWhenConfirmed = new CopyOnWriteArrayList<>();
        shop.fleet().beforeTheEffect(() -> {
            Thread saying = new Thread(() -> {
                shop.scaler().override(pause(shop.now().plus(TEN_MINUTES)));
                replicasWhenConfirmed.add(shop.replicas());
            });
            operator.set(saying);
            saying.start();
            while (saying.getState() != Thread.State.WAITING && saying.isAlive()) {
                Thread.onSpinWait();
            }
        });
        shop.cpu(90);
        shop.pass(INTERVAL);
        operator.get().join();
        assertThat(replicasWhenConfirmed).containsExactly(6);
        shop.pass(Duration.ofMinutes(5));
        assertThat(shop.replicas()).isEqualTo(6);
    }

    @Test
    void oneDirectionCanBeHeld() {
        Instant until = shop.now().plus(TEN_MINUTES);
        shop.scaler().override(ScaleOverride.of(ScaleOverride.Kind.UP_ONLY, "ada", "sale", until));
        shop.cpu(10);
        shop.pass(INTERVAL.multipliedBy(2));
        assertThat(shop.replicas()).isEqualTo(4);
        shop.cpu(90);
        shop.pass(INTERVAL);
        assertThat(shop.replicas()).isEqualTo(6);
        shop.scaler().override(ScaleOverride.of(ScaleOverride.Kind.DOWN_ONLY, "ada", "budget", until));
        shop.pass(Duration.ofMinutes(4));
        assertThat(shop.replicas()).isEqualTo(6);
    }

    @Test
    void whatCannotBeIsRefusedWithWhatWasExpectedAndChangesNothing() {
        Instant now = shop.now();
        refused(pause(now), "override of shop ends at " + now + ", which has passed; expected a time after " + now);
        refused(
                pause(now.plus(Duration.ofDays(7)).plusSeconds(1)),
                "override of shop ends at " + now.plus(Duration.ofDays(7)).plusSeconds(1) + "; expected "
                        + now.plus(Duration.ofDays(7))
                        + " or before, 7 days from now; what is to last longer belongs under autoscale.overrides in"
                        + " the configuration");
        refused(
                pinned(40, now.plusSeconds(60)),
                "override of shop pins to 40 replicas; expected 2 to 8, the bounds in force; pin within them, or change"
                        + " min_replicas or max_replicas in the configuration");
        refused(pinned(1, now.plusSeconds(60)), "override of shop pins to 1 replicas; expected 2 to 8, ");
        assertThat(shop.overrides()).isEmpty();
        shop.scaler().override(pause(now.plus(Duration.ofDays(7))));
        shop.scaler().override(pinned(8, now.plusSeconds(60)));
        shop.scaler().override(pinned(2, now.plusSeconds(60)));
    }

    private void refused(ScaleOverride override, String message) {
        assertThatThrownBy(() -> shop.scaler().override(override))
                .isInstanceOf(HyperionException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aPinKeepsToTheBoundsOfTheHour() {
        Map<String, Object> settings = new HashMap<>(POLICY);
        settings.put("schedules", Map.of("always", Map.of("cron", "* * * * *", "duration", "10m", "max_replicas", 5)));
        ScaledShop limited = new ScaledShop(settings, 4);
        assertThatThrownBy(
                        () -> limited.scaler().override(pinned(6, limited.now().plusSeconds(60))))
                .hasMessageContaining("pins to 6 replicas; expected 2 to 5, the bounds in force");
    }

    @Test
    void resumingNothingSaysWhatIsInForceAndWhatHasExpired() {
        assertThatThrownBy(() -> shop.scaler().resume("ada", ""))
                .isInstanceOf(RefusedException.class)
                .hasMessage("shop has no override to end; its policy decides");
        Instant until = shop.now().plusSeconds(60);
        shop.scaler().override(pause(until));
        shop.pass(Duration.ofSeconds(60));
        assertThatThrownBy(() -> shop.scaler().resume("ada", ""))
                .hasMessage("shop has no override to end; its policy decides. The last one has expired: paused by ada"
                        + " until " + until + " (the database moves)");
        assertThat(journaled()).containsExactly("override.said by ada", "override.expired by autoscaler");
    }

    @Test
    void onlyWhoLeadsTakesThemAndWhoDoesNotLeadStillShowsThem() {
        Instant until = shop.now().plus(TEN_MINUTES);
        shop.scaler().override(pause(until));
        shop.loseLeadership();
        assertThatThrownBy(() -> shop.scaler().override(pinned(3, until)))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("an override of shop is refused: this instance does not lead");
        assertThatThrownBy(() -> shop.scaler().resume("ada", ""))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("resuming of shop is refused: this instance does not lead");
        assertThat(shop.scaler().overrides()).containsExactly(pause(until));
    }

    @Test
    void anApplicationThatNobodyKnowsIsRefusedThoughThePolicyForAllCoversItsName() {
        ScaleOverride override = pause(shop.now().plusSeconds(60));
        assertThatThrownBy(() -> shop.engine()
                        .of(new ApplicationId("shpo"))
                        .orElseThrow()
                        .override(override))
                .isInstanceOf(RefusedException.class)
                .hasMessage("there is no application shpo here; deployed are [shop], name one");
        ScaledShop named = new ScaledShop(Map.of("applications", Map.of("shop", POLICY, "mail", POLICY)), 4);
        ApplicationId mail = new ApplicationId("mail");
        assertThat(named.engine().of(mail).orElseThrow().override(override))
                .as("named in the configuration, though not deployed yet")
                .isEqualTo(override);
        assertThat(named.engine().of(SHOP).orElseThrow().overrides()).isEmpty();
    }
}
