// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Statistic;
import dev.hyperion.monitoring.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What is told about some statistics of one query: those of one label set are all taken from one copy, and so agree. */
sealed interface Answer {

    /** What one of the statistics asked for is, by its place among them. */
    MetricResult result(MetricQuery query, int statistic);

    /** Nothing is known, whatever the statistic. */
    record Nothing(MetricResult why) implements Answer {
        @Override
        public MetricResult result(MetricQuery query, int statistic) {
            return why;
        }
    }

    /** The figures of one label set in the order of the statistics, NaN where there is none. */
    final class Group {
        private final Map<String, String> labels;
        private final double[] figures;
        private final Duration length;

        Group(Map<String, String> labels, double[] figures, Duration length) {
            this.labels = labels;
            this.figures = figures;
            this.length = length;
        }

        static Group of(String name, Raw.Group raw, List<Optional<Statistic>> statistics) {
            double[] figures = new double[statistics.size()];
            for (int i = 0; i < figures.length; i++) {
                figures[i] = orNaN(Evaluation.of(name, raw, statistics.get(i)));
            }
            return new Group(
                    raw.labels(), figures, raw instanceof Raw.Counted counted ? counted.length() : Duration.ZERO);
        }

        static double orNaN(OptionalDouble value) {
            return value.isPresent() ? value.getAsDouble() : Double.NaN;
        }
    }

    /** Something is known about the windows that end at a moment. Thread-safety: confined. */
    final class Figures implements Answer {
        private final List<Group> groups;
        private final Instant to;
        private final Coverage coverage;
        private Window window; // the last one told: of one label set it is the same for all statistics

        Figures(List<Group> groups, Instant to, Coverage coverage) {
            this.groups = groups;
            this.to = to;
            this.coverage = coverage;
            this.window = new Window(to, to);
        }

        static Answer of(String name, Raw raw, List<Optional<Statistic>> statistics) {
            if (raw instanceof Raw.Nothing nothing) {
                return new Nothing(nothing.why());
            }
            Raw.Found found = (Raw.Found) raw;
            List<Group> groups = new ArrayList<>(found.groups().size());
            found.groups().forEach(group -> groups.add(Group.of(name, group, statistics)));
            return new Figures(groups, found.to(), found.coverage());
        }

        @Override
        public MetricResult result(MetricQuery query, int statistic) {
            List<Sample> samples = List.of();
            Duration longest = Duration.ZERO;
            for (Group group : groups) {
                double figure = group.figures[statistic];
                if (!Double.isNaN(figure)) {
                    Sample sample = new Sample(group.labels, new SampleValue.Scalar(figure), to);
                    if (groups.size() == 1) {
                        samples = List.of(sample); // by far the most usual, and asked most often
                    } else {
                        samples = samples.isEmpty() ? new ArrayList<>(groups.size()) : samples;
                        samples.add(sample);
                    }
                    longest = group.length.compareTo(longest) > 0 ? group.length : longest;
                }
            }
            if (samples.isEmpty()) {
                return new MetricResult.NoData("nothing was recorded into " + query.name() + " within "
                        + query.window().toMillis() + " ms");
            }
            Instant from = to.minus(longest);
            window = window.from().equals(from) ? window : new Window(from, to);
            return new MetricResult.Samples(samples, window, coverage);
        }
    }
}
