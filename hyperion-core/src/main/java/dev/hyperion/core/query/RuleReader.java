// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionException;
import dev.hyperion.core.alert.Condition;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.MetricQuery;
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
        MetricQuery query = rule.query(window);
        if (rule.threshold().isRate() && !query.stat().equals(Optional.of(Statistic.RATE))) {
            throw new HyperionException("alert " + rule.name() + ": " + rule.metric()
                    + " is no rate, but its threshold " + rule.threshold() + " is; drop the statistic or the '/'");
        }
        return new Condition(query, rule.comparison(), rule.threshold().baseValue());
    }
}
