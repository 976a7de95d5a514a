// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.PluginException;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.spi.MetricSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every {@link MetricSource} keeps to. Extend it, make a source and name one of its metrics. */
public abstract class MetricSourceContract {
    /** For subclasses. */
    protected MetricSourceContract() {}

    /**
     * Makes a source that has something to tell.
     *
     * @return a source; the contract closes it
     */
    protected abstract MetricSource source();

    /**
     * A question that it can answer with samples.
     *
     * @return the question
     */
    protected abstract MetricQuery answerable();

    private static Deadline deadline() {
        return Deadline.in(HyperionClock.system(), Duration.ofSeconds(10));
    }

    /** What it knows it answers, with the time. */
    @Test
    public void whatItKnowsItAnswersWithSamplesOfNow() {
        try (MetricSource source = source()) {
            source.check(answerable());
            MetricResult result = source.query(answerable(), deadline());
            assertThat(result).isInstanceOf(MetricResult.Samples.class);
            for (Sample sample : ((MetricResult.Samples) result).all()) {
                assertThat(sample.takenAt()).isBefore(Instant.now().plusSeconds(1));
            }
        }
    }

    /** What it cannot know it refuses when the configuration is loaded. */
    @Test
    public void whatItCannotKnowIsRefusedForGood() {
        try (MetricSource source = source()) {
            MetricQuery unknown = MetricQuery.parse("no.source.has.this", Duration.ofSeconds(60));
            assertThatThrownBy(() -> source.check(unknown))
                    .isInstanceOf(PluginException.class)
                    .satisfies(
                            e -> assertThat(((PluginException) e).retryable()).isFalse());
        }
    }
}
