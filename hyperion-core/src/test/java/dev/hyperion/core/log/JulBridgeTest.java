// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LogSink;
import dev.hyperion.spi.LoggerLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JulBridgeTest {
    private static final Logger ORDERS = Logger.getLogger("jul.bridge.test.orders");

    private final Sink sink = new Sink();
    private final JulBridge bridge = new JulBridge(sink);

    /** Keeps what comes from the loggers of this test. */
    private static final class Sink implements LogSink {
        final List<LogEntry> entries = Collections.synchronizedList(new ArrayList<>());
        long dropped;
        Runnable whenLogged = () -> {};

        @Override
        public void log(LogEntry entry) {
            if (entry.logger().startsWith("jul.bridge.test")) {
                entries.add(entry);
                whenLogged.run();
            }
        }

        @Override
        public void dropped(long lost) {
            dropped += lost;
        }

        @Override
        public int longestStack() {
            return 300;
        }
    }

    @AfterEach
    void end() {
        bridge.close();
        ORDERS.setLevel(null);
    }

    @Test
    void anEntryComesWithLevelTemplateThreadAndThrowable() {
        ORDERS.log(Level.WARNING, "order {0} of {1} failed", new Object[] {"7", "shop"});
        ORDERS.log(Level.SEVERE, "no database", new IllegalStateException("gone", new java.io.IOException("reset")));

        LogEntry first = sink.entries.get(0);
        assertThat(first.level()).isEqualTo(LogLevel.WARN);
        assertThat(first.message()).isEqualTo("order 7 of shop failed");
        assertThat(first.template()).isEqualTo("order {0} of {1} failed");
        assertThat(first.fields())
                .containsEntry("thread", Thread.currentThread().getName());
        LogEntry second = sink.entries.get(1);
        assertThat(second.level()).isEqualTo(LogLevel.ERROR);
        assertThat(second.stack())
                .startsWith("java.lang.IllegalStateException: gone")
                .endsWith("more characters]")
                .hasSizeLessThan(340);
    }

    @Test
    void levelsAreMatchedAsSlf4jDoes() {
        assertThat(JulBridge.ours(Level.FINEST)).isEqualTo(LogLevel.TRACE);
        assertThat(JulBridge.ours(Level.FINER)).isEqualTo(LogLevel.DEBUG);
        assertThat(JulBridge.ours(Level.FINE)).isEqualTo(LogLevel.DEBUG);
        assertThat(JulBridge.ours(Level.CONFIG)).isEqualTo(LogLevel.INFO);
        assertThat(JulBridge.ours(Level.INFO)).isEqualTo(LogLevel.INFO);
        assertThat(JulBridge.ours(Level.WARNING)).isEqualTo(LogLevel.WARN);
        assertThat(JulBridge.ours(Level.SEVERE)).isEqualTo(LogLevel.ERROR);
    }

    @Test
    void whatIsLoggedWhileAnEntryIsHandedInDoesNotLoopAndIsCounted() {
        sink.whenLogged = () -> ORDERS.info("handing in");
        ORDERS.info("an order");

        assertThat(sink.entries).hasSize(1);
        assertThat(sink.dropped).isEqualTo(1);
    }

    @Test
    void anEntryThatCannotBePrintedIsCountedAndHurtsNobody() {
        Logger root = Logger.getLogger("");
        List<Handler> console = Stream.of(root.getHandlers())
                .filter(ConsoleHandler.class::isInstance)
                .toList();
        console.forEach(root::removeHandler); // it would throw before it is our turn
        try {
            ORDERS.log(Level.INFO, "order {0}", new Object() {
                @Override
                public String toString() {
                    throw new StackOverflowError();
                }
            });
        } finally {
            console.forEach(root::addHandler);
        }
        ORDERS.info((String) null);

        assertThat(sink.entries).extracting(LogEntry::message).containsExactly("null");
        assertThat(sink.dropped).isEqualTo(1);
    }

    @Test
    void aThrowableThatCannotBePrintedIsNamed() {
        ORDERS.log(Level.SEVERE, "broken", new IllegalStateException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalArgumentException("in getMessage");
            }
        });

        assertThat(sink.entries.get(0).stack())
                .contains("JulBridgeTest")
                .endsWith("(cannot be printed: java.lang.IllegalArgumentException)");
    }

    @Test
    void aLevelIsSetAndSetBackToExactlyWhatItWas() {
        Level odd = new Level("ODD", 850) {
            private static final long serialVersionUID = 1L;
        };
        ORDERS.setLevel(odd);
        ORDERS.fine("too fine");
        LogBridge.Change change = bridge.set(ORDERS.getName(), LogLevel.DEBUG);
        ORDERS.fine("fine now");

        assertThat(bridge.level(ORDERS.getName()))
                .isEqualTo(new LoggerLevel(Optional.of(LogLevel.DEBUG), Optional.of(LogLevel.DEBUG)));
        assertThat(change.undo()).isTrue();
        assertThat(ORDERS.getLevel()).isSameAs(odd);
        ORDERS.fine("too fine again");
        assertThat(sink.entries).extracting(LogEntry::message).containsExactly("fine now");
    }

    @Test
    void aLevelThatSomebodyElseHasSetMeanwhileStays() {
        LogBridge.Change change = bridge.set(ORDERS.getName(), LogLevel.DEBUG);
        ORDERS.setLevel(Level.SEVERE);

        assertThat(change.undo()).isFalse();
        assertThat(ORDERS.getLevel()).isEqualTo(Level.SEVERE);
    }

    @Test
    void aLoggerThatIsNotThereFollowsTheOneAboveItAndIsNotMade() {
        ORDERS.setLevel(Level.WARNING);

        assertThat(bridge.level(ORDERS.getName() + ".not.there"))
                .isEqualTo(new LoggerLevel(Optional.empty(), Optional.of(LogLevel.WARN)));
        assertThat(java.util.logging.LogManager.getLogManager().getLogger(ORDERS.getName() + ".not.there"))
                .isNull();
        assertThat(bridge.level(LogBridge.ROOT).own()).isPresent();
    }

    @Test
    void whatIsClosedListensNoLonger() {
        bridge.close();
        bridge.close();
        ORDERS.info("unheard");

        assertThat(sink.entries).isEmpty();
    }
}
