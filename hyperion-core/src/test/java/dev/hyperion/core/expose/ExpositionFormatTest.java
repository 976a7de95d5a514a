// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionFormatTest {
    private static final String PROTO =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/openmetrics-text;version=1.0.0,text/plain;q=0.5 | OPENMETRICS_1_0_0",
                "application/openmetrics-text;version=1.0.0;q=0.2,text/plain;q=0.5 | PROMETHEUS_0_0_4",
                "application/openmetrics-text;q=0,*/*;q=0.1 | PROMETHEUS_0_0_4",
                "application/openmetrics-text; version=2.0.0, text/plain; q=0.1 | PROMETHEUS_0_0_4",
                "APPLICATION/OpenMetrics-Text; Version=1.0.0 | OPENMETRICS_1_0_0",
                "text/plain;version=0.0.4 | PROMETHEUS_0_0_4",
                "text/html,application/xhtml+xml,*/*;q=0.8 | PROMETHEUS_0_0_4",
                "application/json | PROMETHEUS_0_0_4",
                "*/* | PROMETHEUS_0_0_4",
                "'' | PROMETHEUS_0_0_4",
                ";;,,q=;q=x | PROMETHEUS_0_0_4",
                "application/openmetrics-text;q=nonsense,text/plain;q=0.5 | PROMETHEUS_0_0_4",
                PROTO + " | PROTOBUF",
                PROTO + ",application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5 | PROTOBUF",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text | PROMETHEUS_0_0_4",
                "application/vnd.google.protobuf,application/openmetrics-text;q=0.1 | OPENMETRICS_1_0_0",
                PROTO + ";q=0.3,application/openmetrics-text;q=0.3 | PROTOBUF",
            })
    void theHighestWeightWins(String accept, ExpositionFormat expected) {
        assertThat(ExpositionFormat.forAccept(accept)).isEqualTo(expected);
    }

    @Test
    void whoSaysNothingGetsWhatEveryPrometheusUnderstands() {
        assertThat(ExpositionFormat.forAccept(null)).isEqualTo(ExpositionFormat.PROMETHEUS_0_0_4);
    }

    @Test
    void everyFormatHasTheContentTypeThatScrapersInsistOn() {
        assertThat(ExpositionFormat.PROMETHEUS_0_0_4.contentType())
                .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(ExpositionFormat.OPENMETRICS_1_0_0.contentType())
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(ExpositionFormat.PROTOBUF.contentType())
                .isEqualTo(
                        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited");
    }
}
