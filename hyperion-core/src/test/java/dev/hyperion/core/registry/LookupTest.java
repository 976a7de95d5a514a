// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Looking a meter up for each record: it costs nothing, and always leads to the meter that Micrometer would have found. */
@org.junit.jupiter.api.Tag("fresh-jvm") // Micrometer has a Tag too
class LookupTest {
    private static final String[] STATUS = {"200", "201", "304", "404", "500"};

    private final MeterRegistry registry = new HyperionMeterRegistry(new MockClock());

    @Test
    void aTagValueResolvedPerRecordAllocatesNothing() {
        long perRound = Allocations.leastOf(() -> {
            for (int i = 0; i < 100_000; i++) {
                registry.timer("latency", "status", STATUS[i % STATUS.length]).record(i, TimeUnit.MICROSECONDS);
            }
        });

        assertThat(perRound).as("bytes for 100,000 lookups").isLessThan(Allocations.MEASURING);
    }

    @Test
    void twoTagValuesResolvedPerRecordAllocateNothing() {
        long perRound = Allocations.leastOf(() -> {
            for (int i = 0; i < 100_000; i++) {
                registry.counter("hits", "status", STATUS[i % STATUS.length], "method", i % 2 == 0 ? "GET" : "POST")
                        .increment();
            }
        });

        assertThat(perRound).as("bytes for 100,000 lookups").isLessThan(Allocations.MEASURING);
    }

    @Test
    void aMeterWithoutTagsLookedUpPerRecordAllocatesNothing() {
        long perRound = Allocations.leastOf(() -> {
            for (int i = 0; i < 100_000; i++) {
                registry.timer("bare").record(i, TimeUnit.MICROSECONDS);
                registry.summary("size").record(i);
            }
        });

        assertThat(perRound).as("bytes for 200,000 lookups").isLessThan(Allocations.MEASURING);
    }

    @Test
    void lookupsThatMissNowAndThenStillAllocateNothingWhenTheyHit() {
        // a miss compiled into the caller must not make the tags of a hit escape
        long perRound = Allocations.leastOf(60_000, () -> {
            for (int i = 0; i < 100_000; i++) {
                registry.timer("seldom", "status", STATUS[i % STATUS.length]).record(i, TimeUnit.MICROSECONDS);
                if (i == 50_000) {
                    registry.remove(registry.timer("seldom", "status", "200"));
                }
            }
        });

        assertThat(perRound).as("bytes for 100,000 lookups, some of which miss").isLessThan(60_000);
    }

    @Test
    void stringsThatAreEqualButNotTheSameAllocateNothingWhereAllKindsOfLookupsAreMixed() {
        // each kind adds code to the lookup, and beyond a limit HotSpot no longer compiles it into its callers
        String[] others = {new String("200"), new String("201"), new String("304"), new String("404"), new String("500")
        };
        String prefix = "mixed.";
        String name = prefix + "hits"; // not a constant
        long perRound = Allocations.leastOf(() -> {
            for (int i = 0; i < 100_000; i++) {
                registry.counter(name).increment();
                registry.counter("mixed", "status", STATUS[i % STATUS.length]).increment();
                registry.counter(name, "status", others[i % others.length]).increment();
                registry.counter("mixed", "status", others[(i + 1) % others.length])
                        .increment();
                registry.counter(name, "status", STATUS[i % STATUS.length], "method", "GET")
                        .increment();
            }
        });

        assertThat(perRound).as("bytes for 500,000 lookups").isLessThan(Allocations.MEASURING);
    }

    @Test
    void equalNamesAndTagsLeadToOneMeterHoweverTheyAreLookedUp() {
        Timer timer = registry.timer("latency", "status", "200", "method", "GET");

        assertThat(registry.timer("latency", "method", "GET", "status", "200")).isSameAs(timer);
        assertThat(registry.timer("latency", "status", new String("200"), "method", "GET"))
                .isSameAs(timer);
        assertThat(registry.timer("latency", List.of(Tag.of("status", "200"), Tag.of("method", "GET"))))
                .isSameAs(timer);
        assertThat(registry.timer("latency", "status", "200")).isNotSameAs(timer);
        assertThat(registry.timer("latency")).isNotSameAs(timer);
        assertThat(registry.timer("latency", "a", "b", "c", "d", "e", "f"))
                .isSameAs(registry.timer("latency", "a", "b", "c", "d", "e", "f"));
    }

    @Test
    void namesAndTagsThatReadAlikeTogetherAreToldApart() {
        assertThat(registry.counter("a", "bc", "d")).isNotSameAs(registry.counter("ab", "c", "d"));
        assertThat(registry.counter("x", "k", "Aa")).isNotSameAs(registry.counter("x", "k", "BB")); // equal hashes
        assertThat(registry.counter("x", "Aa", "v", "BB", "v"))
                .isNotSameAs(registry.counter("x", "BB", "w", "Aa", "v"));
    }

    @Test
    void namesThatDifferWhereTheHashDoesNotLookAreToldApartHoweverManyThereAre() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 100; i++) {
                registry.counter("ab" + (char) ('!' + i) + "def", "k", "v").increment();
                registry.counter("ab" + (char) ('!' + i) + "def").increment();
            }
        }

        for (int i = 0; i < 100; i++) {
            String name = "ab" + (char) ('!' + i) + "def";
            assertThat(registry.counter(name, "k", "v").count()).as(name).isEqualTo(2);
            assertThat(registry.counter(name).count()).as(name).isEqualTo(2);
        }
    }

    @Test
    void anEmptyNameAndEmptyValuesAreLookedUpLikeOthers() {
        assertThat(registry.counter("", "k", "v")).isSameAs(registry.counter("", "k", "v"));
        assertThat(registry.counter("x", "k", "")).isSameAs(registry.counter("x", "k", ""));
        assertThat(registry.counter("x", "k", "")).isNotSameAs(registry.counter("x"));
    }

    @Test
    void aRemovedMeterIsNotFoundAgain() {
        Counter before = registry.counter("orders", "kind", "a");
        before.increment(5);

        registry.remove(before);
        Counter after = registry.counter("orders", "kind", "a");
        after.increment();

        assertThat(after).isNotSameAs(before);
        assertThat(registry.get("orders").counter().count()).isEqualTo(1);
    }

    @Test
    void afterClearNothingIsFound() {
        Timer before = registry.timer("latency");
        DistributionSummary size = registry.summary("size", "k", "v");

        registry.clear();

        assertThat(registry.timer("latency")).isNotSameAs(before);
        assertThat(registry.summary("size", "k", "v")).isNotSameAs(size);
    }

    @Test
    void aFilterThatIsAddedLaterHoldsForWhatWasLookedUpBefore() {
        Counter plain = registry.counter("orders", "user", "ann");

        registry.config().meterFilter(MeterFilter.ignoreTags("user"));

        Counter mapped = registry.counter("orders", "user", "ann");
        assertThat(mapped).isNotSameAs(plain);
        assertThat(mapped.getId().getTags()).isEmpty();
        assertThat(registry.counter("orders", "user", "bob")).isSameAs(mapped);
    }

    @Test
    void commonTagsAreAddedToWhatIsLookedUp() {
        registry.config().commonTags("host", "h1");

        Timer timer = registry.timer("latency", "status", "200");

        assertThat(timer.getId().getTag("host")).isEqualTo("h1");
        assertThat(registry.timer("latency", "status", "200")).isSameAs(timer);
        assertThat(Timer.builder("latency").tag("status", "200").register(registry))
                .isSameAs(timer);
    }

    @Test
    void aDeniedMeterIsAskedForAnewEachTimeSinceTheFilterMayChangeItsMind() {
        AtomicBoolean deny = new AtomicBoolean(true);
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                return deny.get() ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
            }
        });
        registry.counter("orders", "k", "v").increment();

        deny.set(false);
        registry.counter("orders", "k", "v").increment();

        assertThat(registry.get("orders").counter().count()).isEqualTo(1);
    }

    @Test
    void aNameThatIsAnotherTypeAlreadyIsRefusedAsMicrometerRefusesIt() {
        registry.counter("both");

        assertThatThrownBy(() -> registry.timer("both")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.timer("odd", "key")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> registry.timer("none", "key", null)).isInstanceOf(NullPointerException.class);
    }

    /** Counters without a registry, one for each name and first tag value. */
    private static final class Counters implements LookupCache.Source {
        private final Map<String, Meter> known = new ConcurrentHashMap<>();
        private final MeterRegistry registry = new HyperionMeterRegistry(
                new MockClock(), RegistrySettings.defaults().withMaxSeries(1_000_000));
        private int asked;

        @Override
        public Meter find(String name, String[] tags) {
            asked++;
            return known.computeIfAbsent(
                    name + (tags.length == 0 ? "" : tags[1]),
                    key -> registry.counter(name, List.of(Tag.of("key", key))));
        }

        @Override
        public boolean keeps(Meter meter) {
            return true;
        }

        @Override
        public boolean isExcess(Meter meter) {
            return meter.getId().getName().startsWith("excess");
        }
    }

    @Test
    void theCacheIsBoundedAndStillRight() {
        Counters source = new Counters();
        LookupCache cache = new LookupCache(source);
        int values = 80_000;
        for (int i = 0; i < values; i++) {
            cache.find("n", new String[] {"k", "v" + i});
        }
        assertThat(source.asked).isEqualTo(values);

        for (int i = 0; i < values; i++) {
            Counter hit = cache.find("n", new String[] {"k", "v" + i}).counter;
            assertThat(hit).isSameAs(source.known.get("nv" + i));
        }

        assertThat(cache.capacity()).isEqualTo(LookupCache.MOST);
        assertThat(source.asked - values).as("asked again, of 80,000").isLessThan(LookupCache.MOST);
    }

    @Test
    void excessSeriesDoNotMakeTheCacheGrowAndGiveWayToOthers() {
        Counters source = new Counters();
        LookupCache cache = new LookupCache(source);
        int before = cache.capacity();
        for (int i = 0; i < 20_000; i++) {
            cache.find("excess", new String[] {"k", "v" + i});
        }
        assertThat(cache.capacity()).isEqualTo(before);

        String[] tags = {"k", "v"};
        cache.find("kept", tags);
        int asked = source.asked;

        assertThat(cache.find("kept", tags).counter).isSameAs(source.known.get("keptv"));
        assertThat(source.asked).isEqualTo(asked);
    }

    @Test
    void tagValuesWhoseHashesAreTheSameAreBoundedAndStillRight() {
        Counters source = new Counters();
        LookupCache cache = new LookupCache(source);
        String[] alike = new String[1 << 10];
        for (int i = 0; i < alike.length; i++) {
            StringBuilder value = new StringBuilder();
            for (int bit = 0; bit < 10; bit++) {
                value.append((i >>> bit & 1) == 0 ? "Aa" : "BB");
            }
            alike[i] = value.toString();
            assertThat(alike[i].hashCode()).isEqualTo(alike[0].hashCode());
        }

        for (int round = 0; round < 2; round++) {
            for (String value : alike) {
                assertThat(cache.find("n", new String[] {"k", value}).counter).isSameAs(source.known.get("n" + value));
            }
        }
        assertThat(source.asked).as("what did not stay was asked for again").isGreaterThan(alike.length);
        assertThat(cache.capacity()).isLessThan(LookupCache.MOST);
    }

    @Test
    void whatIsPutAfterAClearThatItDidNotSeeIsNotFound() {
        Counters source = new Counters();
        LookupCache cache = new LookupCache(new LookupCache.Source() {
            @Override
            public Meter find(String name, String[] tags) {
                Meter found = source.find(name, tags);
                if (source.asked == 1) {
                    cleared.run(); // the meter is removed right after it was found
                }
                return found;
            }

            @Override
            public boolean keeps(Meter meter) {
                return true;
            }

            @Override
            public boolean isExcess(Meter meter) {
                return false;
            }
        });
        cleared = cache::clear;
        cache.find("stale", new String[0]);

        cache.find("stale", new String[0]);

        assertThat(source.asked).isEqualTo(2);
    }

    private Runnable cleared = () -> {};

    @Test
    void removalsAndLookupsOfManyThreadsNeverLeaveARemovedMeterBehind() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            boolean removes = t == 0;
            threads[t] = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int i = 0; i < 20_000; i++) {
                    Counter counter = registry.counter("churn", "k", "v" + i % 7);
                    if (removes && i % 3 == 0) {
                        registry.remove(counter);
                    }
                }
            });
            threads[t].start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        for (int i = 0; i < 7; i++) {
            Counter looked = registry.counter("churn", "k", "v" + i);
            assertThat(registry.get("churn").tag("k", "v" + i).counter()).isSameAs(looked);
        }
    }
}
