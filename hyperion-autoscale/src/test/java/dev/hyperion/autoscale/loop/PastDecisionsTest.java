// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static dev.hyperion.autoscale.loop.ScaledShop.INTERVAL;
import static dev.hyperion.autoscale.loop.ScaledShop.POLICY;
import static dev.hyperion.autoscale.loop.ScaledShop.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.DecisionQuery;
import dev.hyperion.autoscale.PastDecision;
import dev.hyperion.autoscale.PastDecision.Outcome;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.tck.SimulatedCrash;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PastDecisionsTest {
    private static final DecisionQuery ALL = new DecisionQuery(DecisionQuery.MOST, Optional.empty(), false);
    private static final DecisionQuery CHANGES = new DecisionQuery(DecisionQuery.MOST, Optional.empty(), true);

    private final ScaledShop shop = new ScaledShop(POLICY, 4);

    private List<PastDecision> decisions(DecisionQuery query) {
        return shop.scaler().decisions(query).toList();
    }

    private static Instant at(PastDecision decision) {
        return decision.decision().basis().at();
    }

    private void turns(int count) {
        shop.pass(INTERVAL.multipliedBy(count));
    }

    @Test
    void everyTurnIsThereOnceTheNewestFirstWithARecordThatReplays() {
        turns(10);
        shop.cpu(90);
        turns(12); // up at once, in the cooldown for 120 s, up again
        shop.cpu(50);
        turns(5);

        List<PastDecision> all = decisions(ALL);

        assertThat(all)
                .hasSize(27)
                .isSortedAccordingTo(Comparator.comparing(PastDecisionsTest::at).reversed());
        assertThat(all.stream()
                        .filter(each -> each.outcome() == Outcome.APPLIED)
                        .map(PastDecision::appliedReplicas))
                .containsExactly(8, 6);
        assertThat(all).allSatisfy(each -> {
            DecisionRecord again = DecisionRecord.replay(each.record());
            assertThat(again.toJson()).isEqualTo(each.record());
            assertThat(again.decision()).isEqualTo(each.decision());
        });
        assertThat(all.get(0).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(all.get(0).decision().basis().application()).isEqualTo(SHOP);
    }

    @Test
    void onlyAsManyAndOnlyAsOldAndOnlyWhatChangesSomething() {
        shop.cpu(90);
        turns(20);
        List<PastDecision> all = decisions(ALL);

        assertThat(decisions(new DecisionQuery(3, Optional.empty(), false))).isEqualTo(all.subList(0, 3));
        Instant since = at(all.get(6));
        assertThat(decisions(new DecisionQuery(100, Optional.of(since), false)))
                .as("the one of that moment too")
                .isEqualTo(all.subList(0, 7));
        assertThat(decisions(new DecisionQuery(100, Optional.of(shop.now().plusSeconds(1)), false)))
                .isEmpty();
        assertThat(decisions(CHANGES))
                .hasSize(2)
                .isEqualTo(all.stream()
                        .filter(each -> each.outcome() != Outcome.UNCHANGED)
                        .toList());
        assertThatThrownBy(() -> new DecisionQuery(0, Optional.empty(), false))
                .isInstanceOf(HyperionException.class)
                .hasMessage("limit is 0; expected 1 to 1000");
        assertThatThrownBy(() -> new DecisionQuery(1_001, Optional.empty(), false))
                .hasMessage("limit is 1001; expected 1 to 1000");
    }

    @Test
    void aLongJournalIsReadToItsBeginningAndOtherApplicationsAreLeftOut() {
        ApplicationId mail = new ApplicationId("shop-mail"); // begins as the other one does
        shop.fleet().deploy(mail, 4);
        turns(300);
        List<PastDecision> all = decisions(ALL);
        assertThat(all)
                .hasSize(300)
                .allMatch(each -> each.decision().basis().application().equals(SHOP));
        assertThat(shop.engine().of(mail).orElseThrow().decisions(ALL)).hasSizeBetween(299, 300);
        assertThat(shop.engine().of(new ApplicationId("other")).orElseThrow().decisions(ALL))
                .isEmpty();
    }

    @Test
    void whatAKillLeftOpenIsOpenUntilTheNextProcessHasFoundOut() {
        shop.cpu(90);
        shop.fleet().crash(SimulatedFleet.CrashPoint.BEFORE_THE_EFFECT, 1);
        assertThatThrownBy(() -> turns(1)).isInstanceOf(SimulatedCrash.class);
        shop.kill();
        shop.restart();

        PastDecision open = decisions(ALL).get(0);
        assertThat(open.outcome()).isEqualTo(Outcome.OPEN);
        assertThat(open.decision().target()).isEqualTo(6);
        assertThat(open.appliedReplicas()).isEqualTo(4);

        turns(1);
        List<PastDecision> settled = decisions(ALL);
        assertThat(settled).extracting(PastDecision::outcome).startsWith(Outcome.APPLIED, Outcome.REFUSED);
        assertThat(settled.get(1).decision()).isEqualTo(open.decision());
        assertThat(settled.get(1).detail()).isEqualTo("no rollout carried it out");
        assertThat(settled.get(1).record()).isEqualTo(open.record());
    }

    @Test
    void whatAnOperatorAskedForIsThereWithoutARecordAndOverridesAreNoDecisions() {
        turns(2);
        ScaleDecision asked = ScaleDecision.of(
                4,
                7,
                new DecisionBasis(
                        "by-ada",
                        SHOP,
                        List.of(),
                        List.of(),
                        List.of(ReasonCode.OPERATOR_REQUEST),
                        "ada asked for it",
                        shop.now()));
        shop.scaler().record(asked, 7);
        shop.fleet().deploy(SHOP, 7);
        shop.scaler()
                .override(ScaleOverride.of(
                        ScaleOverride.Kind.PAUSE, "ada", "calm", shop.now().plus(Duration.ofMinutes(5))));
        shop.pass(Duration.ofMillis(1));
        turns(1);

        assertThat(decisions(CHANGES)).containsExactly(new PastDecision(asked, Outcome.APPLIED, 7, "", ""));
        assertThat(decisions(ALL))
                .extracting(PastDecision::outcome)
                .containsExactly(Outcome.UNCHANGED, Outcome.APPLIED, Outcome.UNCHANGED, Outcome.UNCHANGED);
        assertThat(decisions(ALL).get(0).decision().basis().reasons()).contains(ReasonCode.PAUSED);
    }

    /** Whoever embeds the autoscaler alone decides and notes by itself: no intent comes before. */
    @Test
    void whatWasOnlyNotedIsThereToo() {
        ScaleDecision first = decided("a", 4, 6);
        shop.scaler().record(first, 6);
        shop.pass(Duration.ofMillis(1));
        ScaleDecision second = decided("b", 6, 8);
        shop.scaler().record(second, 8);
        assertThat(decisions(CHANGES)).extracting(PastDecision::decision).containsExactly(second, first);
    }

    private ScaleDecision decided(String id, int current, int target) {
        return ScaleDecision.of(
                current,
                target,
                new DecisionBasis(
                        id,
                        SHOP,
                        List.of(),
                        List.of(),
                        List.of(ReasonCode.ABOVE_SCALE_UP_THRESHOLD),
                        "busy",
                        shop.now()));
    }

    @Test
    void itIsThereAfterARestartAndForWhoDoesNotLead() {
        shop.cpu(90);
        turns(12);
        List<PastDecision> before = decisions(ALL);
        shop.loseLeadership();
        assertThat(decisions(ALL)).isEqualTo(before);
        shop.kill();
        shop.restart();
        assertThat(decisions(ALL)).isEqualTo(before);
    }
}
