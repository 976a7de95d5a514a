// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Scope;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApplicationScopeTest {
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final ApplicationId CART = new ApplicationId("cart");
    private static final ApplicationId OTHER = new ApplicationId("other");

    private final MonitoringCenter center =
            TestCenters.center(MonitoringSettings.defaults(), new ManualTime(), Map.of());

    private MetricResult ask(String address, Scope scope) {
        return center.query(MetricQuery.parse(address, Duration.ofMinutes(1)).in(scope));
    }

    private static double value(MetricResult result) {
        return ((SampleValue.Scalar)
                        ((MetricResult.Samples) result).all().get(0).value())
                .value();
    }

    @Test
    void ofAnApplicationCountsWhatSaysThatItIsOfIt() {
        center.meters().gauge("queue.depth", Tags.of("application", "shop", "version", "1"), 7);
        center.meters().gauge("queue.depth", Tags.of("application", "cart", "version", "1"), 3);
        center.meters().gauge("queue.depth", Tags.of("application", "cart", "version", "2"), 4);

        assertThat(value(ask("queue.depth", Scope.of(SHOP)))).isEqualTo(7);
        assertThat(value(ask("queue.depth.sum", Scope.of(CART)))).isEqualTo(7);
        assertThat(value(ask("queue.depth", Scope.of(CART, new Version("2"))))).isEqualTo(4);
        assertThat(value(ask("queue.depth.sum", Scope.NONE))).isEqualTo(14);
    }

    @Test
    void ofAnApplicationThatNobodyTellsOfThereIsNoData() {
        center.meters().gauge("queue.depth", Tags.of("application", "shop"), 7);

        assertThat(ask("queue.depth", Scope.of(OTHER)))
                .isInstanceOfSatisfying(
                        MetricResult.NoData.class,
                        none -> assertThat(none.reason()).contains("and is of other"));
    }

    @Test
    void whatSaysNothingOfApplicationsIsTheOneThatHyperionIsEmbeddedIn() {
        center.meters().gauge("queue.depth", Tags.of("queue", "orders"), 5);

        assertThat(value(ask("queue.depth", Scope.of(SHOP)))).isEqualTo(5);
    }
}
