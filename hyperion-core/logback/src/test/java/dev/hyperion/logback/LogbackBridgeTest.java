// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LoggerLevel;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MarkerFactory;

@Timeout(60)
class LogbackBridgeTest {
    private static final String WITH_APPENDER = """
            <configuration>
              <appender name="H" class="dev.hyperion.logback.HyperionAppender"><earlyEntries>3</earlyEntries></appender>
              <root level="info"><appender-ref ref="H"/></root>
            </configuration>
            """;

    private static final String WITHIN_ASYNC = """
            <configuration>
              <appender name="H" class="dev.hyperion.logback.HyperionAppender"/>
              <appender name="A" class="ch.qos.logback.classic.AsyncAppender"><appender-ref ref="H"/></appender>
              <root level="info"><appender-ref ref="A"/></root>
            </configuration>
            """;

    private static final String WITHOUT = "<configuration><root level=\"info\"/></configuration>";

    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();
    private final HeardEntries heard = new HeardEntries();

    LogbackBridgeTest() {
        context.setMDCAdapter(diagnostics);
        context.setName("test");
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private Logger shop() {
        return context.getLogger("shop.orders");
    }

    private void configure(String xml) throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        context.reset();
        configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anEntryComesWithEverythingThatItHas() throws Exception {
        configure(WITHOUT);
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            diagnostics.put("tenant", "acme");
            shop().atWarn()
                    .addMarker(MarkerFactory.getMarker("AUDIT"))
                    .addKeyValue("order", 7)
                    .setCause(new IllegalStateException("gone", new java.io.IOException("reset")))
                    .log("order {} of {} failed", 7, "shop");
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.entries).hasSize(1);
        LogEntry entry = heard.entries.get(0);
        assertThat(entry.level()).isEqualTo(LogLevel.WARN);
        assertThat(entry.logger()).isEqualTo("shop.orders");
        assertThat(entry.message()).isEqualTo("order 7 of shop failed");
        assertThat(entry.template()).isEqualTo("order {} of {} failed");
        assertThat(entry.fields())
                .containsEntry("tenant", "acme")
                .containsEntry("order", "7")
                .containsEntry("marker", "AUDIT")
                .containsEntry("thread", Thread.currentThread().getName());
        assertThat(entry.stack())
                .startsWith("java.lang.IllegalStateException: gone")
                .endsWith("more characters]")
                .hasSizeLessThan(440);
    }

    @Test
    void whatWasLoggedBeforeTheStartIsKeptInOrderAndWhatDidNotFitIsToldAndCounted() throws Exception {
        configure(WITH_APPENDER);
        for (int i = 1; i <= 5; i++) {
            shop().info("early {}", i);
        }
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            shop().info("late");
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.dropped).hasValue(2);
        assertThat(heard.messages().get(0))
                .startsWith("2 entries of before Hyperion started did not fit into the 3 that are kept");
        assertThat(heard.messages().subList(1, 5)).containsExactly("early 3", "early 4", "early 5", "late");
    }

    @Test
    void anAppenderOfTheConfigurationIsUsedAndNoneIsAdded() throws Exception {
        configure(WITH_APPENDER);
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            shop().info("once");
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.messages()).containsExactly("once");
    }

    @Test
    void anAppenderBehindAnotherOneIsFoundToo() throws Exception {
        configure(WITHIN_ASYNC);
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            shop().info("through a queue");
            context.stop(); // the queue is worked off
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.messages()).containsExactly("through a queue");
    }

    @Test
    void aContextThatIsConfiguredAnewIsListenedToAgainAndOnce() throws Exception {
        configure(WITHOUT);
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            shop().info("one");
            configure(WITHOUT);
            shop().info("two");
            configure(WITH_APPENDER);
            shop().info("three");
            configure(WITHOUT);
            shop().info("four");
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.messages()).containsExactly("one", "two", "three", "four");
    }

    @Test
    void whatIsLoggedWhileAnEntryIsHandedInDoesNotLoopAndIsCounted() throws Exception {
        configure(WITHOUT);
        heard.whenLogged = () -> shop().info("handing in");
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            shop().info("an order");
            shop().info("{}", new Object() {
                @Override
                public String toString() {
                    shop().info("being printed");
                    return "printed";
                }
            });
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.messages()).containsExactly("an order", "printed");
        assertThat(heard.dropped.get()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void entriesOfManyThreadsAllCome() throws Exception {
        configure(WITHOUT);
        List<Thread> threads = new ArrayList<>();
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            for (int t = 0; t < 4; t++) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 2_500; i++) {
                        shop().info("entry {}", i);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.entries).hasSize(10_000);
        assertThat(heard.dropped).hasValue(0);
    }

    @Test
    void noEntryIsLostOrComesTwiceWhileHyperionStarts() throws Exception {
        configure(WITH_APPENDER.replace(">3<", ">100000<"));
        Thread logging = new Thread(() -> {
            for (int i = 0; i < 20_000; i++) {
                shop().info("{}", i);
            }
        });
        logging.start();
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            logging.join();
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.messages()).hasSize(20_000);
        assertThat(heard.messages().stream().mapToInt(Integer::parseInt))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aThrowableOrArgumentThatCannotBePrintedHurtsNobody() throws Exception {
        configure(WITHOUT);
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            shop().error("broken", new IllegalStateException() {
                private static final long serialVersionUID = 1L;

                @Override
                public void printStackTrace(java.io.PrintWriter writer) {
                    throw new IllegalArgumentException("in printStackTrace");
                }
            });
            shop().info("an order", (Object[]) null);
            shop().info(null);
            diagnostics.put("empty", null);
            shop().info("with an empty field");
            assertThat(bridge).isNotNull();
        }

        assertThat(heard.entries.get(0).stack()).endsWith("(cannot be printed: java.lang.IllegalArgumentException)");
        assertThat(heard.messages()).contains("an order", "null", "with an empty field");
    }

    @Test
    void aLevelIsSetAndSetBack() throws Exception {
        configure(WITHOUT);
        try (LogbackBridge bridge = new LogbackBridge(context, heard)) {
            assertThat(bridge.level("shop.orders.not.there"))
                    .isEqualTo(new LoggerLevel(Optional.empty(), Optional.of(LogLevel.INFO)));
            assertThat(context.exists("shop.orders.not.there")).isNull();

            LogBridge.Change change = bridge.set("shop.orders", LogLevel.DEBUG);
            shop().debug("seen");
            assertThat(bridge.level("shop.orders"))
                    .isEqualTo(new LoggerLevel(Optional.of(LogLevel.DEBUG), Optional.of(LogLevel.DEBUG)));
            assertThat(change.undo()).isTrue();
            shop().debug("not seen");
            assertThat(shop().getLevel()).isNull();

            LogBridge.Change other = bridge.set("ROOT", LogLevel.ERROR);
            context.getLogger("ROOT").setLevel(Level.OFF);
            assertThat(other.undo()).isFalse();
            assertThat(bridge.level("shop.orders").effective()).isEmpty();
        }

        assertThat(heard.messages()).containsExactly("seen");
    }

    @Test
    void whatIsClosedListensNoLongerAndAnAppenderOfTheConfigurationKeepsForTheNextStart() throws Exception {
        configure(WITH_APPENDER);
        new LogbackBridge(context, heard).close();
        shop().info("between");
        HeardEntries next = new HeardEntries();
        LogbackBridge second = new LogbackBridge(context, next);
        second.close();
        second.close();

        assertThat(heard.entries).isEmpty();
        assertThat(next.messages()).containsExactly("between");
    }
}
