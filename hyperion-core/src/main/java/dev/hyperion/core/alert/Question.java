// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/** One question and the rules that share its answer. Thread-safety: thread-safe. */
final class Question {
    private final Key key;
    private final Map<String, RuleState> rules = new ConcurrentSkipListMap<>();
    private volatile boolean asking;

    /** What is asked. */
    record Key(MetricQuery query, Optional<MetricQuery> divisor) {}

    Question(Key key) {
        this.key = key;
    }

    Key key() {
        return key;
    }

    Map<String, RuleState> rules() {
        return rules;
    }

    /** Whether somebody outside the evaluation still waits for an answer: for the first, or for one that was given up. */
    boolean asking() {
        return asking;
    }

    void asking(boolean waiting) {
        asking = waiting;
    }

    /** Asks. A failure of any kind, such as a gauge that throws, is an answer: that there is no data, and why. */
    Answer ask(Function<MetricQuery, MetricResult> metrics) {
        try {
            Answer answer = Answer.of(metrics.apply(key.query()));
            return key.divisor().isEmpty()
                    ? answer
                    : answer.dividedBy(Answer.of(metrics.apply(key.divisor().get())));
        } catch (RuntimeException e) {
            return Answer.none("it cannot be evaluated: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return key.query().address()
                + key.divisor().map(by -> " / " + by.address()).orElse("");
    }
}
