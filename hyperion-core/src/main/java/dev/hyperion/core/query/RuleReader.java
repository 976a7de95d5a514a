// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionException;
import dev.hyperion.core.alert.Condition;
import dev.hyperion.core.alert.ThresholdUnit;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Scope;
import dev.hyperion.monitoring.Statistic;
import java.time.Duration;
import java.util.Optional;

/** Reads a rule: its address becomes a query, its threshold a limit in the units in which queries answer. */
final class RuleReader {
    private final Duration window;

    RuleReader(Duration window) {
        this.window = window;
    }

    Condition read(AlertRule rule) {
        AddressParser.Parts parts = AddressParser.parse(rule.metric());
        ThresholdUnit unit = ThresholdUnit.parse(rule.threshold().unit())
                .orElseThrow(() -> new HyperionException("alert " + rule.name() + ": threshold "
                        + rule.threshold().value()
                        + " has the unit '" + rule.threshold().unit()
                        + "'; expected a time (250 ms), a rate (5 errors/min), a size (64 MiB), % or none"));
        Optional<Statistic> statistic = StatisticWords.parse(parts.stat());
        if (unit.rate() && statistic.isPresent() && statistic.get() != Statistic.RATE) {
            throw new HyperionException("alert " + rule.name() + ": " + rule.metric()
                    + " is no rate, but its threshold " + rule.threshold().value() + " "
                    + rule.threshold().unit() + " is; drop the statistic or the '/'");
        }
        if (unit.rate()) {
            statistic = Optional.of(Statistic.RATE);
        }
        MetricQuery query = new MetricQuery(parts.name(), parts.tags(), statistic, window, Scope.NONE, rule.by());
        return new Condition(query, rule.comparison(), rule.threshold().value() * unit.factor());
    }
}
