// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DistributionTest {
    private static Distribution of(long first, long second, double sum) {
        return Distribution.of(new double[] {1, 2}, new double[] {2, 4}, new long[] {first, second}, sum);
    }

    @Test
    void quantilesAreTheMiddleOfTheirBucket() {
        Distribution distribution = of(90, 10, 165);
        assertThat(distribution.quantile(0.5)).isEqualTo(1.5);
        assertThat(distribution.quantile(0.9)).isEqualTo(1.5);
        assertThat(distribution.quantile(0.91)).isEqualTo(3.0);
        assertThat(distribution.mean()).isEqualTo(1.65);
    }

    @Test
    void mergingAndSubtractingAreEachOthersInverse() {
        Distribution a = of(3, 4, 17);
        Distribution b = Distribution.of(new double[] {2, 8}, new double[] {4, 9}, new long[] {1, 2}, 20);
        Distribution both = a.merge(b);
        assertThat(both.count()).isEqualTo(10);
        assertThat(both.sum()).isEqualTo(37);
        assertThat(both.minus(b)).isEqualTo(a);
        assertThat(a.minus(a)).isEqualTo(Distribution.empty());
    }

    @Test
    void whatIsNoEarlierStateCannotBeSubtracted() {
        assertThatThrownBy(() -> of(1, 1, 3).minus(of(2, 0, 3))).hasMessageContaining("would hold -1 records");
    }

    @Test
    void noRecordsHaveNoQuantile() {
        assertThatThrownBy(() -> Distribution.empty().quantile(0.5)).isInstanceOf(IllegalStateException.class);
    }
}
