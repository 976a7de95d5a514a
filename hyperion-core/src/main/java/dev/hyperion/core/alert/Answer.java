// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import java.util.HashMap;
import java.util.Map;

/**
 * What a question was answered: a value per label set, none of them NaN. Thread-safety: immutable.
 *
 * @param values by label set
 * @param missing why a label set has no value; never empty
 */
record Answer(Map<Map<String, String>, Double> values, String missing) {

    static Answer none(String why) {
        return new Answer(Map.of(), why);
    }

    static Answer of(MetricResult result) {
        return result.fold(Answer::ofSamples, none -> none(none.reason()), failed -> none(failed.why()));
    }

    private static Answer ofSamples(MetricResult.Samples samples) {
        if (samples.all().size() == 1) {
            Sample only = samples.all().get(0);
            return only.value() instanceof SampleValue.Scalar scalar
                    ? new Answer(Map.of(only.labels(), scalar.value()), "these labels have no data")
                    : none("the answer is no number");
        }
        Map<Map<String, String>, Double> values = new HashMap<>();
        for (Sample sample : samples.all()) {
            if (sample.value() instanceof SampleValue.Scalar scalar) {
                values.put(sample.labels(), scalar.value());
            }
        }
        return new Answer(values, "these labels have no data");
    }

    /** Each label set by the same one of the other side; what has no partner, or a zero for one, has no value. */
    Answer dividedBy(Answer divisor) {
        if (values.isEmpty()) {
            return this;
        }
        if (divisor.values.isEmpty()) {
            return none(divisor.missing);
        }
        Map<Map<String, String>, Double> ratios = new HashMap<>();
        values.forEach((labels, dividend) -> {
            double ratio = dividend / divisor.values.getOrDefault(labels, 0.0);
            if (Double.isFinite(ratio)) {
                ratios.put(labels, ratio);
            }
        });
        return new Answer(ratios, "the divisor is zero or has no data");
    }
}
