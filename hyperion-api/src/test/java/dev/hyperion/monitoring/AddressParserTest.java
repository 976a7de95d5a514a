// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressParserTest {

    @ParameterizedTest
    @CsvSource({
        "latency.p95, latency, p95",
        "error.rate, error, rate",
        "security.unauthorized, security.unauthorized, ''",
        "cpu.utilization, cpu.utilization, ''",
        "http.server.requests.p999, http.server.requests, p999",
        "count, count, ''",
    })
    void aStatisticIsTheLastPartIfItIsOne(String text, String name, String stat) {
        AddressParser.Parts parts = AddressParser.parse(text);

        assertThat(parts.name()).isEqualTo(name);
        assertThat(parts.stat()).isEqualTo(stat);
    }

    @Test
    void tagsStandInBracesBeforeTheStatistic() {
        AddressParser.Parts parts = AddressParser.parse("latency{version=\"1.4.0\", path=\"/a \\\"b\\\"\"}.p99");

        assertThat(parts.name()).isEqualTo("latency");
        assertThat(parts.tags()).isEqualTo(Map.of("version", "1.4.0", "path", "/a \"b\""));
        assertThat(parts.stat()).isEqualTo("p99");
    }

    @Test
    void tagsWithoutAStatisticLeaveItToTheKindOfMeter() {
        assertThat(AddressParser.parse("latency{version=\"1\"}").stat()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{a=\"b\"}",
                "latency{",
                "latency{a}",
                "latency{a=b}",
                "latency{a=\"b\"",
                "latency{a=\"b\" c=\"d\"}",
                "latency{a=\"b\",a=\"c\"}",
                "latency{a=\"b\"}p95",
                "latency{a=\"b\"}.p42",
                "latency p95",
                "latency}",
            })
    void whatIsNoAddressIsRefusedWithTheGrammar(String text) {
        assertThatThrownBy(() -> AddressParser.parse(text))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("expected name{tag=\"value\",...}.stat");
    }
}
