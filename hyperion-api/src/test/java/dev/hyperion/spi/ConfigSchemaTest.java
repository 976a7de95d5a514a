// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSchemaTest {
    private static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("port", ConfigKey.Type.INTEGER, "A port.")
                    .range(0, 65_535)
                    .orElse("8080"),
            ConfigKey.of("cooldown", ConfigKey.Type.DURATION, "A time.")
                    .also("cooldown_seconds")
                    .orElse("120s"),
            ConfigKey.of("size", ConfigKey.Type.SIZE, "A size."),
            ConfigKey.of("names", ConfigKey.Type.TEXTS, "Names."),
            ConfigKey.of(
                    "below",
                    ConfigKey.Type.OBJECT,
                    ConfigSchema.of(ConfigKey.of("level", ConfigKey.Type.TEXT, "A level.")
                            .oneOf("low", "high")),
                    "Keys below."));

    private static PluginConfig parse(Map<String, ?> values) {
        return SCHEMA.parse(ConfigNode.Mapping.of(values), "plugins.test");
    }

    @Test
    void whatIsNotWrittenHasItsFallback() {
        PluginConfig config = parse(Map.of());
        assertThat(config.integer("port")).isEqualTo(8080);
        assertThat(config.duration("cooldown")).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.isWritten("port")).isFalse();
        assertThat(config.findText("size")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"30m, PT30M", "120s, PT2M", "1h30m, PT1H30M", "500ms, PT0.5S", "0, PT0S"})
    void durationsAreReadAsPeopleWriteThem(String written, Duration meant) {
        assertThat(parse(Map.of("cooldown", written)).duration("cooldown")).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"120", "soon", "-5s", "5 parsecs", "", "99999999999999999999h"})
    void whatIsNoDurationIsRefused(String written) {
        assertThatThrownBy(() -> parse(Map.of("cooldown", written)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("plugins.test.cooldown is '" + written + "'; expected a duration");
    }

    @Test
    void aPlainNumberIsSecondsUnderAKeyThatSaysSo() {
        assertThat(parse(Map.of("cooldown_seconds", 300)).duration("cooldown")).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void twoSpellingsMayAgreeAndMayNotDiffer() {
        assertThat(parse(Map.of("cooldown", "60s", "cooldown_seconds", 60)).duration("cooldown"))
                .isEqualTo(Duration.ofMinutes(1));
        assertThatThrownBy(() -> parse(Map.of("cooldown", "60s", "cooldown_seconds", 61)))
                .hasMessageContaining("cooldown_seconds says something else than cooldown");
    }

    @Test
    void sizesHaveUnits() {
        assertThat(parse(Map.of("size", "64MiB")).bytes("size")).isEqualTo(64L << 20);
        assertThat(parse(Map.of("size", 1000)).bytes("size")).isEqualTo(1000);
    }

    @Test
    void everyMistakeIsToldAtOnceWithTheNearestKey() {
        assertThatThrownBy(() -> parse(Map.of("prot", 1, "cooldown", "soon", "below", Map.of("level", "middle"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("plugins.test.prot is not a known key; did you mean port?")
                .hasMessageContaining("plugins.test.cooldown is 'soon'")
                .hasMessageContaining("plugins.test.below.level is 'middle'; expected one of low, high")
                .satisfies(e -> assertThat(((ConfigException) e).problems()).hasSize(3));
    }

    @Test
    void aNumberOutOfRangeIsToldWithItsRange() {
        assertThatThrownBy(() -> parse(Map.of("port", 70_000)))
                .hasMessageContaining("port is '70000'; expected a whole number from 0 to 65535");
    }

    @Test
    void oneTextIsAListOfOne() {
        assertThat(parse(Map.of("names", "a")).texts("names")).containsExactly("a");
        assertThat(parse(Map.of("names", List.of("a", "b"))).texts("names")).containsExactly("a", "b");
    }
}
