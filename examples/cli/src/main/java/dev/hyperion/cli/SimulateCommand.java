// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hyperion.ConfigException;
import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.ConfigSchema;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code autoscale simulate}: what a policy would have done on recorded load. */
@Command(
        name = "simulate",
        description = "Tells what a policy would have done on recorded load: a trace, or what an instance has kept.",
        mixinStandardHelpOptions = true)
final class SimulateCommand extends MonitorCommand.Base {
    private static final int LARGEST_TRACE = 64 << 20;

    @Parameters(
            arity = "0..1",
            paramLabel = "TRACE",
            description = "A CSV file with the columns timestamp and value, such as requests per 5 minutes.")
    private @Nullable Path trace;

    @Option(
            names = {"--live", "--timeline"},
            paramLabel = "METRIC",
            description =
                    "Instead of a trace: the course of a metric that the running instance keeps, such as latency.rate.")
    private @Nullable String live;

    @Option(names = "--seconds", description = "How far back --live goes; ${DEFAULT-VALUE}.", defaultValue = "3600")
    private int seconds;

    @Option(
            names = "--config",
            description =
                    "The configuration whose policy is tried; else that of the running instance, else the default.")
    private @Nullable Path config;

    @Option(
            names = "--capacity-per-replica",
            description = "The load that one replica carries at 100 %%, in the trace's unit; if not given, so much that"
                    + " max_replicas just carry the peak.")
    private @Nullable Double capacity;

    @Option(
            names = "--start-up",
            description = "From the decision to the first request of a new replica; ${DEFAULT-VALUE}.",
            defaultValue = "30s")
    private String startUp = "30s";

    @Option(names = "--initial", description = "Replicas at first; min_replicas if not given.")
    private @Nullable Integer initial;

    @Option(names = "--rows", description = "Rows of the table; ${DEFAULT-VALUE}.", defaultValue = "24")
    private int rows;

    @Option(names = "--svg", description = "Draw load, capacity, replicas and decisions into this file.")
    private @Nullable Path svg;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if ((trace == null) == (live == null)) {
            throw usage("name a trace, or a metric with --live; not both");
        }
        if (rows < 0) {
            throw usage("--rows is " + rows + "; expected 0 or more");
        }
        SimulationRequest request = request();
        ObjectNode answer;
        if (config != null) {
            answer = LocalPolicies.of(config).simulate(connection.application(), request, svg != null);
            print(answer, "of " + config);
        } else if (live != null || connection.hasInstance()) {
            answer = (ObjectNode) connection.client().post("/api/autoscale/simulate", body(request));
            print(answer, "of the running instance");
        } else {
            answer = LocalPolicies.ofNothing().simulate(Optional.empty(), request, svg != null);
            print(answer, "the default, as no instance runs here; name a configuration with --config");
        }
        return HyperionCli.DONE;
    }

    private ParameterException usage(String message) {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    private SimulationRequest request() {
        return new SimulationRequest(
                trace == null ? String.valueOf(live) : trace.toString(),
                trace == null ? kept(String.valueOf(live)) : text(trace),
                capacity == null ? OptionalDouble.empty() : OptionalDouble.of(capacity),
                duration(startUp),
                initial == null ? OptionalInt.empty() : OptionalInt.of(initial));
    }

    private Duration duration(String text) {
        try {
            return ConfigSchema.of(ConfigKey.of("start_up", ConfigKey.Type.DURATION, ""))
                    .parse(ConfigNode.Mapping.of(Map.of("start_up", text)), "")
                    .findDuration("start_up")
                    .orElseThrow();
        } catch (ConfigException e) {
            throw usage("--start-up is '" + text + "'; expected a duration such as 45s or 2m");
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST_TRACE) {
                throw new RefusedByInstance(
                        file + ": has " + Files.size(file) + " bytes; expected at most " + LARGEST_TRACE);
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new RefusedByInstance(file + ": does not exist; check the path");
        } catch (MalformedInputException e) {
            throw new RefusedByInstance(file + ": is not a text in UTF-8");
        } catch (IOException e) {
            throw new RefusedByInstance(file + ": cannot be read: " + e);
        }
    }

    /** What the instance has kept, as a trace; a point stands for the stretch that it ends. */
    private String kept(String metric) {
        JsonNode timeline =
                connection.client().get("/api/timeline?seconds=" + seconds + "&metric=" + ApiClient.encoded(metric));
        long millis = Math.round(timeline.get("resolution_seconds").asDouble() * 1_000);
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (JsonNode point : timeline.get("series")) {
            csv.append(Instant.parse(point.get("t").asText()).minusMillis(millis))
                    .append(',')
                    .append(point.get("v").asText())
                    .append('\n');
        }
        return csv.toString();
    }

    private ObjectNode body(SimulationRequest request) {
        ObjectNode body = connection
                .body()
                .put("name", request.name())
                .put("trace", request.trace())
                .put("start_up", request.startUp().toMillis() + "ms")
                .put("chart", svg != null);
        request.capacityPerReplica().ifPresent(each -> body.put("capacity_per_replica", each));
        request.initialReplicas().ifPresent(each -> body.put("initial_replicas", each));
        return body;
    }

    private void print(ObjectNode answer, String whose) {
        if (svg != null) {
            draw(svg, answer.get("chart").asText());
        }
        answer.remove("chart");
        if (connection.json()) {
            out().println(Connection.pretty(answer));
            return;
        }
        JsonNode policy = answer.get("policy");
        JsonNode found = answer.get("simulation");
        line("trace", found.get("trace").asText());
        line("policy", policy.get("title").asText() + " (" + whose + ")");
        line(
                "replica",
                "carries " + number(found, "capacity_per_replica") + ", starts in " + number(found, "start_up_seconds")
                        + " s; " + found.get("initial_replicas").asInt() + " at first");
        line(
                "decisions",
                found.get("decisions").asLong() + ": " + found.get("scale_ups").asInt() + " up, "
                        + found.get("scale_downs").asInt() + " down, "
                        + found.get("reversals").asInt() + " reversals within 15 min");
        line(
                "overload",
                number(found, "overload_minutes") + " min, at most " + number(found, "longest_overload_minutes")
                        + " min at a time");
        line(
                "replicas",
                found.get("least_replicas").asInt() + " to "
                        + found.get("most_replicas").asInt() + ", " + number(found, "replica_minutes")
                        + " replica-minutes");
        found.get("notes").forEach(note -> line("note", note.asText()));
        policy.get("findings").forEach(finding -> out().println(AutoscaleCommand.Lint.told(policy, finding)));
        if (svg != null) {
            line("chart", svg.toString());
        }
        table(found.get("course"));
    }

    private void line(String what, String text) {
        out().printf("%-11s%s%n", what + ":", text);
    }

    private static String number(JsonNode node, String field) {
        return number(node.get(field).asDouble());
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    /** Each row stands for an equal share of the course: the largest load, the smallest capacity, every action. */
    private void table(JsonNode course) {
        if (rows == 0) {
            return;
        }
        out().printf(
                        "%n%-21s %12s %14s %9s %5s %5s %9s%n",
                        "FROM", "PEAK LOAD", "LEAST CAPACITY", "REPLICAS", "UP", "DOWN", "OVERLOAD");
        int each = (course.size() + rows - 1) / rows;
        for (int from = 0; from < course.size(); from += each) {
            double load = Double.NaN;
            double carried = Double.MAX_VALUE;
            int ups = 0;
            int downs = 0;
            double overload = 0;
            JsonNode last = course.get(from);
            for (int i = from; i < Math.min(course.size(), from + each); i++) {
                last = course.get(i);
                double asked = last.hasNonNull("load") ? last.get("load").asDouble() : Double.NaN;
                load = Double.isNaN(load) || asked > load ? asked : load;
                carried = Math.min(carried, last.get("capacity").asDouble());
                ups += last.get("scale_ups").asInt();
                downs += last.get("scale_downs").asInt();
                overload += last.get("overload_minutes").asDouble();
            }
            String row = String.format(
                    Locale.ROOT,
                    "%-21s %12s %14s %9d %5d %5d %9s",
                    course.get(from).get("t").asText(),
                    Double.isNaN(load) ? "not known" : number(load),
                    number(carried),
                    last.get("replicas").asInt(),
                    ups,
                    downs,
                    overload == 0 ? "" : number(overload) + " min");
            out().println(row.stripTrailing());
        }
    }

    private static void draw(Path file, String picture) {
        try {
            Files.writeString(file, picture);
        } catch (IOException e) {
            throw new RefusedByInstance(file + ": cannot be written: " + e);
        }
    }
}
