// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.spi.DeployBackendProvider;
import dev.hyperion.spi.MetricSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PluginGuardTest {
    private static final MetricQuery QUERY = MetricQuery.parse("latency", Duration.ofSeconds(1));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger calls = new AtomicInteger();

    private MetricSource guarded(Supplier<MetricResult> answer) {
        MetricSource plugin = new MetricSource() {
            @Override
            public MetricResult query(MetricQuery query, Deadline deadline) {
                calls.incrementAndGet();
                return answer.get();
            }

            @Override
            public void check(MetricQuery query) {}

            @Override
            public void close() {}
        };
        return PluginGuard.around(MetricSource.class, "test", plugin, HyperionClock.system(), meters);
    }

    private static Deadline millis(long budget) {
        return Deadline.in(HyperionClock.system(), Duration.ofMillis(budget));
    }

    private double failures() {
        return meters.get("plugin.failures").tag("plugin", "test").counter().count();
    }

    @Test
    void anAnswerInTimeIsHandedOn() {
        MetricResult none = new MetricResult.NoData("quiet");
        assertThat(guarded(() -> none).query(QUERY, millis(5_000))).isSameAs(none);
    }

    @Test
    void whateverAPluginThrowsIsItsFailureAndIsCounted() {
        MetricSource source = guarded(() -> {
            throw new IllegalStateException("boom");
        });
        assertThatThrownBy(() -> source.query(QUERY, millis(5_000)))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("plugin test query failed")
                .hasMessageContaining("boom");
        assertThat(failures()).isEqualTo(1);
    }

    @Test
    void aPluginThatHangsIsInterruptedAtTheDeadlineAndLeftAloneAfterThreeTimes() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        MetricSource source = guarded(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
            return new MetricResult.NoData("too late");
        });
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> source.query(QUERY, millis(500))).hasMessageContaining("did not answer in time");
        }
        assertThatThrownBy(() -> source.query(QUERY, millis(50))).hasMessageContaining("is left alone");
        assertThat(calls.get()).isEqualTo(3);
    }

    @Test
    void anUnknownPluginIsToldWithThoseThatAreThereAndItsArtifact() {
        PluginCatalog catalog = PluginCatalog.load(PluginGuardTest.class.getClassLoader());
        assertThatThrownBy(() -> catalog.require(DeployBackendProvider.class, "process"))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("none is there")
                .hasMessageContaining("dev.hyperion:hyperion-deploy-local");
    }
}
