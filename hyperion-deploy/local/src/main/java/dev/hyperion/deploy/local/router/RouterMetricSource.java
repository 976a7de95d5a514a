// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.PluginException;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.Distribution;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Window;
import dev.hyperion.spi.MetricSource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the routers measured where clients see it, as totals since their start ids.
 *
 * <p>Labels: {@code application}, {@code version}; {@code replica} (its {@code host:port}) for {@code requests.in_flight};
 * {@code outcome} for {@code requests}, when the query asks for it by tag or by {@code by}.
 *
 * <p>Thread-safety: thread-safe.
 */
final class RouterMetricSource implements MetricSource {
    /** The figures, each with what it reads from one router's answer. */
    private static final Map<String, Reading> READINGS = Map.of(
            MetricCatalogue.LATENCY.name(),
            RouterMetricSource::latency,
            MetricCatalogue.REQUESTS.name(),
            RouterMetricSource::requests,
            MetricCatalogue.ERROR.name(),
            (json, query, take) -> total(json, "errors", take),
            MetricCatalogue.REQUESTS_IN_FLIGHT.name(),
            RouterMetricSource::inFlight,
            MetricCatalogue.REQUESTS_REFUSED_CONNECTS.name(),
            (json, query, take) -> total(json, "refusedConnects", take),
            MetricCatalogue.REQUESTS_UNROUTED.name(),
            RouterMetricSource::unrouted);

    private final Map<ApplicationId, RouterKeeper> keepers;
    private final HyperionClock clock;

    RouterMetricSource(Map<ApplicationId, RouterKeeper> keepers, HyperionClock clock) {
        this.keepers = keepers;
        this.clock = clock;
    }

    private interface Reading {
        void read(JsonTree json, MetricQuery query, Taker take) throws IOException;
    }

    private interface Taker {
        void sample(Map<String, String> labels, SampleValue value);
    }

    @Override
    public void check(MetricQuery query) {
        if (!READINGS.containsKey(query.name())) {
            throw new PluginException(
                    "the embedded router has no metric '" + query.name() + "'; it has "
                            + String.join(", ", new TreeSet<>(READINGS.keySet())),
                    false);
        }
    }

    @Override
    public MetricResult query(MetricQuery query, Deadline deadline) {
        check(query);
        List<Sample> samples = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        int asked = 0;
        for (Map.Entry<ApplicationId, RouterKeeper> entry : keepers.entrySet()) {
            if (query.scope()
                    .application()
                    .filter(wanted -> !wanted.equals(entry.getKey()))
                    .isPresent()) {
                continue;
            }
            asked++;
            try {
                read(entry.getKey(), entry.getValue(), query, deadline, samples);
            } catch (PluginException | IOException e) {
                failures.add(entry.getValue() + ": " + e.getMessage());
            }
        }
        if (samples.isEmpty()) {
            return failures.isEmpty()
                    ? new MetricResult.NoData("no router has served a request that matches " + query.address())
                    : new MetricResult.Failed(String.join("; ", failures));
        }
        Instant now = clock.now();
        return new MetricResult.Samples(samples, new Window(now, now), new Coverage(asked - failures.size(), asked));
    }

    private void read(
            ApplicationId application, RouterKeeper keeper, MetricQuery query, Deadline deadline, List<Sample> samples)
            throws IOException {
        AdminClient.Answer answer = keeper.askLiving("/metrics.json", deadline);
        if (answer.status() != 200) {
            throw new IOException("the admin port answers " + answer.status());
        }
        Instant now = clock.now();
        Reading reading = READINGS.get(query.name());
        if (reading == null) {
            return;
        }
        reading.read(answer.body(), query, (labels, value) -> {
            Map<String, String> all = new HashMap<>(labels);
            all.put("application", application.value());
            if (matches(query, all)) {
                samples.add(new Sample(all, value, now));
            }
        });
    }

    private static boolean matches(MetricQuery query, Map<String, String> labels) {
        Optional<String> version = query.scope().version().map(Object::toString);
        return (version.isEmpty() || version.get().equals(labels.get("version")))
                && labels.entrySet().containsAll(query.tags().entrySet());
    }

    private static boolean wants(MetricQuery query, String label) {
        return query.by().contains(label) || query.tags().containsKey(label);
    }

    private static void latency(JsonTree json, MetricQuery query, Taker take) throws IOException {
        for (Map.Entry<String, JsonTree> version : json.at("versions").members().entrySet()) {
            JsonTree latency = version.getValue().at("latency");
            List<JsonTree> buckets = latency.at("buckets").items();
            double[] lower = new double[buckets.size()];
            double[] upper = new double[buckets.size()];
            long[] counts = new long[buckets.size()];
            for (int i = 0; i < counts.length; i++) {
                List<JsonTree> bucket = buckets.get(i).items();
                lower[i] = bucket.get(0).number() / 1e9;
                upper[i] = bucket.get(1).number() / 1e9;
                counts[i] = bucket.get(2).number();
            }
            double sum = latency.at("sumNanos").number() / 1e9;
            take.sample(
                    Map.of("version", version.getKey()),
                    new SampleValue.Distributed(
                            Distribution.of(lower, upper, counts, sum),
                            Optional.of(version.getValue().at("startId").text())));
        }
    }

    private static void requests(JsonTree json, MetricQuery query, Taker take) throws IOException {
        for (Map.Entry<String, JsonTree> version : json.at("versions").members().entrySet()) {
            String startId = version.getValue().at("startId").text();
            long total = 0;
            for (Map.Entry<String, JsonTree> outcome :
                    version.getValue().at("requests").members().entrySet()) {
                long count = outcome.getValue().number();
                total += count;
                if (wants(query, "outcome")) {
                    take.sample(
                            Map.of("version", version.getKey(), "outcome", outcome.getKey()),
                            new SampleValue.Cumulative(count, startId));
                }
            }
            if (!wants(query, "outcome")) {
                take.sample(Map.of("version", version.getKey()), new SampleValue.Cumulative(total, startId));
            }
        }
    }

    private static void total(JsonTree json, String member, Taker take) throws IOException {
        for (Map.Entry<String, JsonTree> version : json.at("versions").members().entrySet()) {
            take.sample(
                    Map.of("version", version.getKey()),
                    new SampleValue.Cumulative(
                            version.getValue().at(member).number(),
                            version.getValue().at("startId").text()));
        }
    }

    /** One sample per replica, so that the mean is the load of a replica and the sum that of the application. */
    private static void inFlight(JsonTree json, MetricQuery query, Taker take) throws IOException {
        for (Map.Entry<String, JsonTree> version : json.at("inFlight").members().entrySet()) {
            for (Map.Entry<String, JsonTree> replica :
                    version.getValue().members().entrySet()) {
                String endpoint =
                        EmbeddedTrafficRouter.endpoint(replica.getKey()).toString();
                take.sample(
                        Map.of("version", version.getKey(), "replica", endpoint),
                        new SampleValue.Scalar(replica.getValue().number()));
            }
        }
    }

    private static void unrouted(JsonTree json, MetricQuery query, Taker take) throws IOException {
        take.sample(
                Map.of(),
                new SampleValue.Cumulative(
                        json.at("unrouted").number(), json.at("startId").text()));
    }

    /** Nothing of its own is held. */
    @Override
    public void close() {}
}
