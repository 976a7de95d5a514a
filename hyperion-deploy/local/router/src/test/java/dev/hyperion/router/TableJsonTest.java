// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableJsonTest {
    @Test
    void aTableReadsAsItWasWritten() throws Exception {
        RouteTable table = new RouteTable(
                3,
                7,
                "p",
                "s",
                true,
                Map.of(
                        "1.0",
                        new Share(9_000, List.of(new Target("127.0.0.1", 80), new Target("::1", 81))),
                        "2.0",
                        new Share(1_000, List.of(new Target("h", 82))),
                        "0.9",
                        new Share(0, List.of())));

        assertThat(TableJson.parse(TableJson.write(table))).isEqualTo(table);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
                    {"epoch":1,"planId":"p","stepId":"s","versions":{},"colour":1} | 'colour' is unknown
                    {"epoch":1,"planId":"p","stepId":"s"} | versions is missing
                    {"planId":"p","stepId":"s","versions":{}} | epoch is missing
                    {"epoch":"1","planId":"p","stepId":"s","versions":{}} | epoch is 1; expected VALUE_NUMBER_INT
                    {"epoch":-1,"planId":"p","stepId":"s","versions":{}} | epoch is -1; expected 0 or more
                    {"epoch":1,"planId":"p","stepId":"s","versions":{"v":{"weight":10001,"endpoints":["h:1"]}}} | version v: weight is
                    {"epoch":1,"planId":"p","stepId":"s","versions":{"v":{"weight":4294967296,"endpoints":["h:1"]}}} | version v: weight is
                    {"epoch":1,"planId":"p","stepId":"s","versions":{"v":{"weight":10,"endpoints":[]}}} | there is no endpoint
                    {"epoch":1,"planId":"p","stepId":"s","versions":{"v":{"weight":10,"endpoints":["h"]}}} | 'h' is no endpoint
                    {"epoch":1,"planId":"p","stepId":"s","versions":{"v":{"weight":10,"endpoints":["h:1","h:1"]}}} | name one twice
                    {"epoch":1,"planId":"p","stepId":"s","versions":{"v":{"weight":10,"endpoints":["h:70000"]}}} | is no endpoint
                    {"epoch":1,"planId":"p","stepId":"s","versions":{}} {} | more after the table's end
                    [] | the table is [
                    """)
    void whatIsNoTableIsRefusedWithTheKey(String text, String complaint) {
        assertThatThrownBy(() -> TableJson.parseRequest(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void aVersionThatWouldBreakTheHeaderIsRefused() {
        assertThatThrownBy(() -> new RouteTable(
                        1, 1, "p", "s", true, Map.of("1\r\nX: y", new Share(10_000, List.of(new Target("h", 1))))))
                .hasMessageContaining("cannot be sent as a header");
    }
}
