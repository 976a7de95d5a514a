// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private static final Target A = new Target("127.0.0.1", 1001);
    private static final Target B = new Target("127.0.0.1", 1002);
    private static final Target C = new Target("127.0.0.1", 1003);

    private final AtomicLong now = new AtomicLong();
    private final Dispatcher dispatcher = new Dispatcher("start", now::get);

    @Test
    void everyWeightGetsExactlyItsShareOfTenThousandRequests() {
        long seed = System.nanoTime();
        System.out.println("DispatcherTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            Map<String, Share> shares = new TreeMap<>();
            int left = Share.WHOLE;
            int versions = 1 + random.nextInt(5);
            for (int v = 1; v < versions; v++) {
                int weight = random.nextInt(left + 1);
                shares.put("v" + v, new Share(weight, List.of(A)));
                left -= weight;
            }
            shares.put("v0", new Share(left, List.of(B)));
            install(round + 1, shares);

            Map<String, Integer> seen = new TreeMap<>();
            for (int i = 0; i < Share.WHOLE; i++) {
                seen.merge(pass(), 1, Integer::sum);
            }

            shares.forEach((version, share) -> assertThat(seen.getOrDefault(version, 0))
                    .as("%s with seed %s", version, seed)
                    .isEqualTo(share.weight()));
        }
    }

    @Test
    void ofTwoVersionsNoneIsEverOffByAWholeRequest() {
        install(1, Map.of("new", new Share(1234, List.of(A)), "old", new Share(8766, List.of(B))));

        int seen = 0;
        for (int i = 1; i <= Share.WHOLE; i++) {
            seen += pass().equals("new") ? 1 : 0;
            assertThat(Math.abs(seen - i * 0.1234)).as("after %s requests", i).isLessThan(1);
        }
    }

    @Test
    void sharesAreExactUnderConcurrency() throws Exception {
        install(1, Map.of("new", new Share(1000, List.of(A)), "old", new Share(9000, List.of(B, C))));
        Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < 5_000; i++) {
                    seen.computeIfAbsent(pass(), v -> new AtomicInteger()).incrementAndGet();
                }
            }));
        }
        threads.forEach(Thread::start);
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(seen.get("new")).hasValue(4_000);
        assertThat(seen.get("old")).hasValue(36_000);
        assertThat(dispatcher.inFlight()).isZero();
    }

    @Test
    void anotherReplicaDoesNotRestartTheTurns() {
        install(1, Map.of("new", new Share(1000, List.of(A)), "old", new Share(9000, List.of(B))));
        int seen = 0;
        for (int i = 0; i < 1000; i++) {
            if (i % 7 == 0) {
                List<Target> old = i % 2 == 0 ? List.of(B) : List.of(B, C);
                install(i + 2, Map.of("new", new Share(1000, List.of(A)), "old", new Share(9000, old)));
            }
            seen += pass().equals("new") ? 1 : 0;
        }

        assertThat(seen).isEqualTo(100);
    }

    @Test
    void theReplicaWithTheFewestInFlightGoesFirstAndEqualsTakeTurns() {
        install(1, Map.of("v", new Share(10_000, List.of(A, B))));

        Passage first = enter();
        Passage second = enter();
        assertThat(List.of(first.replica().target(), second.replica().target())).containsExactlyInAnyOrder(A, B);

        leave(first);
        assertThat(enter().replica().target()).isEqualTo(first.replica().target());
    }

    @Test
    void aReplicaThatLeftTheTableKeepsItsRequestsInFlightAndGetsNoMore() {
        install(1, Map.of("v", new Share(10_000, List.of(A, B))));
        Passage one = enter();
        Passage two = enter();
        Passage staying = one.replica().target().equals(B) ? one : two;
        Passage leaving = staying == one ? two : one;

        install(2, Map.of("v", new Share(10_000, List.of(B))));

        assertThat(dispatcher.view().inFlight().get("v"))
                .containsOnly(Map.entry(A.toString(), 1), Map.entry(B.toString(), 1));
        for (int i = 0; i < 10; i++) {
            assertThat(enter().replica().target()).isEqualTo(B);
        }
        leave(leaving);
        assertThat(dispatcher.view().inFlight().get("v")).containsOnly(Map.entry(B.toString(), 11));

        leave(staying);
        leave(staying);
        assertThat(dispatcher.inFlight()).as("a request leaves once only").isEqualTo(10);
        assertThat(dispatcher.view().stats().get("v").outcomes()).containsEntry(Outcome.SUCCESS, 2L);
    }

    @Test
    void aVersionThatLeftTheTableIsToldUntilItsLastRequestEnds() {
        install(1, Map.of("old", new Share(10_000, List.of(A))));
        Passage last = enter();

        install(2, Map.of("new", new Share(10_000, List.of(B))));
        assertThat(dispatcher.view().inFlight()).containsEntry("old", Map.of(A.toString(), 1));
        leave(last);
        assertThat(dispatcher.view().inFlight()).containsOnlyKeys("new");
        assertThat(dispatcher.view().stats().get("old").outcomes()).containsEntry(Outcome.SUCCESS, 1L);
    }

    @Test
    void aReplicaThatRefusedIsPassedOverForASecondAndTriedOnceOnly() {
        install(1, Map.of("v", new Share(10_000, List.of(A, B))));
        Passage passage = enter();
        Target refusing = passage.replica().target();

        assertThat(dispatcher.another(passage)).isTrue();
        assertThat(passage.replica().target()).isNotEqualTo(refusing);
        for (int i = 0; i < 5; i++) {
            assertThat(enter().replica().target()).isNotEqualTo(refusing);
        }
        assertThat(dispatcher.another(passage)).as("each was tried").isFalse();
        assertThat(dispatcher.view().inFlight().get("v").get(refusing.toString()))
                .isZero();

        now.addAndGet(Replica.AVOID_NANOS);
        assertThat(enter().replica().target()).isEqualTo(refusing);
    }

    @Test
    void withoutAShareThereIsNoWayAndItIsCounted() {
        assertThat(dispatcher.enter()).isNull();
        assertThat(dispatcher.view().unrouted()).isEqualTo(1);
    }

    @Test
    void figuresOfAForgottenVersionBeginAnewUnderAnotherStartId() {
        install(1, Map.of("v0", new Share(10_000, List.of(A))));
        String before = dispatcher.view().stats().get("v0").startId();
        for (int i = 1; i <= 100; i++) {
            install(i + 1, Map.of("v" + i, new Share(10_000, List.of(A))));
        }
        assertThat(dispatcher.view().stats()).hasSizeLessThan(70).doesNotContainKey("v0");

        install(200, Map.of("v0", new Share(10_000, List.of(A))));
        assertThat(dispatcher.view().stats().get("v0").startId()).isNotEqualTo(before);
    }

    private void install(long generation, Map<String, Share> shares) {
        dispatcher.install(new RouteTable(generation, 1, "plan", "step" + generation, true, shares));
    }

    private Passage enter() {
        Passage passage = dispatcher.enter();
        assertThat(passage).isNotNull();
        return passage;
    }

    private void leave(Passage passage) {
        dispatcher.leave(passage, Outcome.SUCCESS, 1);
    }

    private String pass() {
        Passage passage = enter();
        leave(passage);
        return passage.version();
    }
}
