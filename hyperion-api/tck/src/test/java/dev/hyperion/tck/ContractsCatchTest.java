// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.Version;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedRoute;
import dev.hyperion.spi.RouterCapabilities;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.Weighted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Plugins that are each wrong in one way, and the test of the kit that says so. */
class ContractsCatchTest {
    /** Everything as it should be; subclasses are wrong in one way. */
    private static class Store implements StateStore {
        final SimulatedStore right = new SimulatedStore();

        @Override
        public long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
            return right.append(stream, expectedSeq, epoch, events);
        }

        @Override
        public Stream<JournalEvent> read(StreamId stream, long fromSeq) {
            return right.read(stream, fromSeq);
        }

        @Override
        public List<StreamId> streams(String prefix) {
            return right.streams(prefix);
        }

        @Override
        public Optional<Snapshot> latest(StreamId stream) {
            return right.latest(stream);
        }

        @Override
        public void save(StreamId stream, Snapshot snapshot, long epoch) {
            right.save(stream, snapshot, epoch);
        }

        @Override
        public long nextEpoch(String lock) {
            return right.nextEpoch(lock);
        }

        @Override
        public void close() {}
    }

    private static StateStoreContract contract(StateStore store) {
        return new StateStoreContract() {
            @Override
            protected StateStore store() {
                return store;
            }
        };
    }

    @Test
    void aStoreThatDoesNotCompareIsCaught() {
        Store wrong = new Store() {
            @Override
            public long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
                try (Stream<JournalEvent> all = right.read(stream, 1)) {
                    long last = all.count();
                    return last == expectedSeq ? super.append(stream, expectedSeq, epoch, events) : last;
                }
            }
        };
        assertThatThrownBy(contract(wrong)::anAppendAfterAnotherEntryThanTheLastConflictsAndChangesNothing)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aStoreThatDoesNotFenceIsCaught() {
        Store wrong = new Store() {
            @Override
            public long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
                return super.append(stream, expectedSeq, 0, events);
            }
        };
        assertThatThrownBy(contract(wrong)::anEpochThatIsNotTheNewestIsFenced).isInstanceOf(AssertionError.class);
    }

    @Test
    void aStoreWithAnEpochForEachLockIsCaught() {
        Store wrong = new Store() {
            @Override
            public long nextEpoch(String lock) {
                return lock.equals("b") ? 1 : super.nextEpoch(lock);
            }
        };
        assertThatThrownBy(contract(wrong)::epochsRiseStrictlyWhateverTheLock).isInstanceOf(AssertionError.class);
    }

    @Test
    void aStoreThatReadsOnBeyondThePartIsCaught() {
        Store wrong = new Store() {
            @Override
            public Stream<JournalEvent> read(StreamId stream, long fromSeq, long toSeq) {
                return read(stream, fromSeq);
            }
        };
        assertThatThrownBy(contract(wrong)::aPartOfAJournalIsReadFromItsFirstToItsLastEntry)
                .isInstanceOf(AssertionError.class);
    }

    /** A router that is wrong in what it applies. */
    private abstract static class Router implements TrafficRouter {
        final SimulatedRouter right = new SimulatedRouter();

        @Override
        public RouterCapabilities capabilities() {
            return right.capabilities();
        }

        @Override
        public ObservedRoute observe(ApplicationId application, Deadline deadline) {
            return right.observe(application, deadline);
        }

        @Override
        public void close() {}
    }

    private static TrafficRouterContract contract(TrafficRouter router) {
        return new TrafficRouterContract() {
            @Override
            protected TrafficRouter router() {
                return router;
            }
        };
    }

    @Test
    void aRouterThatAddsToItsTableInsteadOfReplacingItIsCaught() {
        Router wrong = new Router() {
            @Override
            public Applied apply(
                    ApplicationId application, Map<Version, Weighted> table, Mutation mutation, Deadline deadline) {
                return right.table(application).isEmpty()
                        ? right.apply(application, table, mutation, deadline)
                        : new Applied("1", true);
            }
        };
        assertThatThrownBy(contract(wrong)::aTableThatWasAcceptedIsObservedAsAWhole)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aRouterThatTakesAnythingFromAnybodyIsCaught() {
        Router wrong = new Router() {
            private long step;

            @Override
            public Applied apply(
                    ApplicationId application, Map<Version, Weighted> table, Mutation mutation, Deadline deadline) {
                Mutation forged = new Mutation("forged", Long.toString(step++), 100, Optional.empty());
                return right.apply(application, table, forged, deadline);
            }
        };
        assertThatThrownBy(contract(wrong)::aLowerEpochIsFencedAndNothingChanges)
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(contract(wrong)::anotherGenerationThanExpectedConflictsAndNothingChanges)
                .isInstanceOf(AssertionError.class);
    }
}
