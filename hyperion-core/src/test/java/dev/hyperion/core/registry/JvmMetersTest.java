// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MockClock;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class JvmMetersTest {
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
    private final ToldStats stats = new ToldStats();
    private long nanos = 5_000_000_000L;

    @Test
    void cpuUtilizationIsPercentOfTheProcessorsThisProcessMayUse() {
        JvmMeters meters = new JvmMeters(registry, stats, () -> nanos);
        stats.cpuNanos = 3_000_000_000L;
        nanos += 2_000_000_000L;

        meters.sample();

        assertThat(registry.get("cpu.utilization").gauge().value()).isCloseTo(37.5, within(1e-9)); // 3 s of 2 s x 4
    }

    @Test
    void cpuUtilizationHasNoValueBeforeTheSecondSample() {
        JvmMeters meters = new JvmMeters(registry, stats, () -> nanos);

        assertThat(registry.get("cpu.utilization").gauge().value()).isNaN();

        nanos += 1_000_000_000L;
        meters.sample();
        assertThat(registry.get("cpu.utilization").gauge().value()).isZero();
    }

    @Test
    void machineAndMemoryAreToldAsTheSystemTellsThem() {
        new JvmMeters(registry, stats, () -> nanos);

        assertThat(registry.get("cpu.machine.utilization").gauge().value()).isEqualTo(40);
        assertThat(registry.get("memory.usage").tag("area", "heap").gauge().value())
                .isEqualTo(100);
        assertThat(registry.get("memory.usage").tag("area", "nonheap").gauge().value())
                .isEqualTo(20);
        assertThat(registry.get("memory.usage").tag("area", "resident").gauge().value())
                .isEqualTo(300);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thisJvmTellsPlausibleFigures() {
        ProcessStats own = ProcessStats.ofThisJvm();

        assertThat(own.cpuNanos().orElseThrow()).isPositive();
        assertThat(own.residentBytes().orElseThrow())
                .isGreaterThan(own.heapBytes() / 4)
                .isGreaterThan(1_000_000);
        assertThat(own.processors()).isPositive();
    }

    private static final class ToldStats implements ProcessStats {
        private long cpuNanos;

        @Override
        public OptionalLong cpuNanos() {
            return OptionalLong.of(cpuNanos);
        }

        @Override
        public int processors() {
            return 4;
        }

        @Override
        public OptionalDouble machineLoad() {
            return OptionalDouble.of(0.4);
        }

        @Override
        public long heapBytes() {
            return 100;
        }

        @Override
        public long nonHeapBytes() {
            return 20;
        }

        @Override
        public OptionalLong residentBytes() {
            return OptionalLong.of(300);
        }
    }
}
