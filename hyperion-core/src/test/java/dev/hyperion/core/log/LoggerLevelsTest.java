// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LoggerLevel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoggerLevelsTest {
    private final ManualTime time = new ManualTime();
    private final LoggerLevels levels = new LoggerLevels(time, time);
    private final Backend backend = new Backend();

    /** Remembers the levels of its loggers. */
    private static final class Backend implements LogBridge {
        final Map<String, LogLevel> own = new HashMap<>();
        boolean closed;

        @Override
        public LoggerLevel level(String logger) {
            Optional<LogLevel> level = Optional.ofNullable(own.get(logger));
            return new LoggerLevel(level, level.or(() -> Optional.of(LogLevel.INFO)));
        }

        @Override
        public Change set(String logger, LogLevel level) {
            LogLevel before = own.put(logger, level);
            return () -> {
                if (before == null) {
                    own.remove(logger);
                } else {
                    own.put(logger, before);
                }
                return true;
            };
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void withoutABackendItIsRefusedWithWhatToConfigure() {
        assertThatThrownBy(() -> levels.set("shop", LogLevel.DEBUG, Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("set logs.capture to [logback] or [jul]");
    }

    @Test
    void aLevelForAWhileGoesBackByItself() {
        levels.add("it", backend);
        LoggerLevels.State state = levels.set("shop", LogLevel.DEBUG, Optional.of(Duration.ofMinutes(10)));

        assertThat(state.until()).contains(time.now().plusSeconds(600));
        assertThat(backend.own).containsEntry("shop", LogLevel.DEBUG);
        time.advanceSeconds(599);
        assertThat(backend.own).containsEntry("shop", LogLevel.DEBUG);
        time.advanceSeconds(1);
        assertThat(backend.own).isEmpty();
        assertThat(levels.get("shop").changed()).isFalse();
    }

    @Test
    void aSecondLevelReplacesTheFirstAndItsEnd() {
        levels.add("it", backend);
        backend.own.put("shop", LogLevel.WARN);
        levels.set("shop", LogLevel.DEBUG, Optional.of(Duration.ofMinutes(1)));
        levels.set("shop", LogLevel.TRACE, Optional.of(Duration.ofMinutes(10)));

        time.advanceSeconds(120);
        assertThat(backend.own).containsEntry("shop", LogLevel.TRACE);
        time.advanceSeconds(480);
        assertThat(backend.own).containsEntry("shop", LogLevel.WARN);
    }

    @Test
    void aLevelWithoutAWhileStaysUntilItIsSetBack() {
        levels.add("it", backend);
        levels.set("shop", LogLevel.DEBUG, Optional.empty());
        time.advance(Duration.ofDays(30));
        assertThat(backend.own).containsEntry("shop", LogLevel.DEBUG);

        assertThat(levels.reset("shop")).isTrue();
        assertThat(levels.reset("shop")).isFalse();
        assertThat(backend.own).isEmpty();
    }

    @Test
    void atTheEndEverythingIsAsItWas() {
        levels.add("it", backend);
        levels.set("shop", LogLevel.DEBUG, Optional.empty());
        levels.set("bank", LogLevel.TRACE, Optional.of(Duration.ofMinutes(1)));
        levels.close();

        assertThat(backend.own).isEmpty();
        assertThat(backend.closed).isTrue();
    }

    @Test
    void aWhileOfNothingOrTooLongANameOrNoneAreRefused() {
        levels.add("it", backend);
        assertThatThrownBy(() -> levels.set("shop", LogLevel.DEBUG, Optional.of(Duration.ZERO)))
                .isInstanceOf(HyperionException.class)
                .hasMessage("for is 0 s; expected more than zero and up to 7d");
        assertThatThrownBy(() -> levels.get(" ")).hasMessageContaining("is no name");
        assertThatThrownBy(() -> levels.get("x".repeat(300))).hasMessageContaining("is no name");
        assertThat(backend.own).isEmpty();
    }

    @Test
    void soManyLevelsThatNobodyMeantThemAreRefused() {
        levels.add("it", backend);
        for (int i = 0; i < 1_000; i++) {
            levels.set("shop" + i, LogLevel.DEBUG, Optional.empty());
        }
        assertThatThrownBy(() -> levels.set("one more", LogLevel.DEBUG, Optional.empty()))
                .isInstanceOf(RefusedException.class);
        levels.set("shop7", LogLevel.TRACE, Optional.empty());
    }
}
