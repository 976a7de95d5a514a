// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.MetricQuery;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** One question and the rules that share its answer. Thread-safety: thread-safe. */
final class Question {
    private final Key key;
    private final Map<String, RuleState> rules = new ConcurrentSkipListMap<>();
    private volatile boolean asking;
    private volatile boolean followed;

    /** What is asked. */
    record Key(MetricQuery query, Optional<MetricQuery> divisor) {

        /** The same for all statistics of one window. */
        MetricQuery window() {
            return new MetricQuery(
                    query.name(), query.tags(), Optional.empty(), query.window(), query.scope(), query.by());
        }
    }

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

    /** Whether the next question is about the same window. */
    void followed(boolean bySameWindow) {
        followed = bySameWindow;
    }

    /** Asks. A failure of any kind, such as a gauge that throws, is an answer: that there is no data, and why. */
    Answer ask(Readings readings) {
        try {
            Answer answer = Answer.of(readings.read(key.query(), followed));
            return key.divisor().isEmpty()
                    ? answer
                    : answer.dividedBy(Answer.of(readings.read(key.divisor().get(), false)));
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
