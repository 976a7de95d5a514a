// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.expose.ExpositionFormat;
import dev.hyperion.core.expose.PrometheusText;
import dev.hyperion.core.time.ManualTime;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Scrapes every second while records come into the window and leave it. */
class ScrapedWindowTest {
    private final ManualTime time = new ManualTime();
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());
    private final PrometheusText exposition = new PrometheusText(center.meters(), center.recentWindow());

    private static String scrape(PrometheusText from) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        from.write(ExpositionFormat.PROMETHEUS_0_0_4, Set.of("latency"), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private String secondLater() throws IOException {
        time.advanceSeconds(1);
        return scrape(exposition);
    }

    @Test
    void aRecordThatLeavesTheWindowChangesTheQuantilesAlthoughNothingIsRecorded() throws IOException {
        Timer timer = center.meters().timer("latency");
        timer.record(1, TimeUnit.SECONDS);
        for (int second = 0; second < 40; second++) {
            assertThat(secondLater()).contains("{quantile=\"0.5\"} 1\n");
        }
        timer.record(3, TimeUnit.SECONDS);
        assertThat(secondLater()).contains("{quantile=\"0.5\"} 1\n", "{quantile=\"0.99\"} 3\n");

        String told = "";
        for (int second = 0; second < 45; second++) { // the first has left at the latest; marks are 20 s apart
            told = secondLater();
        }
        assertThat(told).contains("{quantile=\"0.5\"} 3\n", "latency_seconds_count 2\n");

        for (int second = 0; second < 60; second++) {
            told = secondLater();
        }
        assertThat(told).contains("latency_seconds_count 2\n").doesNotContain("quantile");
    }

    @Test
    void whoScrapesAllTheTimeIsToldTheSameAsWhoNeverDidBefore() throws IOException {
        List<Timer> timers = IntStream.range(0, 5)
                .mapToObj(i -> center.meters().timer("latency", "series", Integer.toString(i)))
                .toList();
        Random random = new Random(7);
        for (int second = 0; second < 400; second++) {
            for (int i = 0; i < timers.size(); i++) {
                if (random.nextInt(1 + 20 * i) == 0) { // from one in each second to one in a minute or two
                    timers.get(i).record(1 + random.nextInt(1_000_000), TimeUnit.MICROSECONDS);
                }
            }
            String told = secondLater();

            assertThat(told).isEqualTo(scrape(new PrometheusText(center.meters(), center.recentWindow())));
        }
    }
}
