// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.spec;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConfigException;
import dev.hyperion.ConfigProblem;
import dev.hyperion.HyperionException;
import dev.hyperion.Version;
import dev.hyperion.deploy.AnalysisRule;
import dev.hyperion.deploy.AnalysisSpec;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.CanarySpec;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.HealthSpec;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Threshold;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads a plan file into a specification, with every problem of it at once. Confined to one call. */
public final class PlanFile {
    private static final Pattern VERSION_AT_END = Pattern.compile("[-_]?v?[0-9]+(\\.[0-9A-Za-z+-]+)*$");

    private static final ConfigSchema RULE = ConfigSchema.of(
            ConfigKey.of("metric", ConfigKey.Type.TEXT, "What is read for the new version.")
                    .mandatory(),
            ConfigKey.of("comparison", ConfigKey.Type.TEXT, "When this holds, the limit is broken.")
                    .oneOf("gt", "ge", "lt", "le", "eq")
                    .orElse("gt"),
            ConfigKey.of("threshold", ConfigKey.Type.TEXT, "The limit, such as 250 ms.")
                    .mandatory(),
            ConfigKey.of("hits", ConfigKey.Type.INTEGER, "Broken so often in a row, the canary has failed.")
                    .range(1, 1_000)
                    .orElse("3"));

    private static final ConfigSchema ANALYSIS = ConfigSchema.of(
            ConfigKey.of("rules", ConfigKey.Type.OBJECTS, RULE, "Limits on the new version's metrics."),
            ConfigKey.of("alerts", ConfigKey.Type.TEXTS, "Alert rules that fail the canary when they fire."),
            ConfigKey.of("interval", ConfigKey.Type.DURATION, "How often the canary is judged.")
                    .atLeast(0.1)
                    .orElse("5s"),
            ConfigKey.of("window", ConfigKey.Type.DURATION, "How far back each reading looks.")
                    .atLeast(0.1)
                    .orElse("60s"),
            ConfigKey.of("min_samples", ConfigKey.Type.INTEGER, "Requests before the bake can end.")
                    .atLeast(0)
                    .orElse("50"),
            ConfigKey.of("warm_up", ConfigKey.Type.DURATION, "Not judged for so long after its first traffic.")
                    .orElse("10s"),
            ConfigKey.of("max_extension", ConfigKey.Type.DURATION, "How much longer to wait for requests.")
                    .orElse("10m"));

    private static final ConfigSchema CANARY = ConfigSchema.of(
            ConfigKey.of("bake", ConfigKey.Type.DURATION, "How long each share is watched.")
                    .orElse("30m"),
            ConfigKey.of("steps", ConfigKey.Type.NUMBERS, "Shares of the traffic in percent, rising.")
                    .range(0.01, 99.99),
            ConfigKey.of("analysis", ConfigKey.Type.OBJECT, ANALYSIS, "How the new version is judged."));

    /** The keys of a plan file. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("application", ConfigKey.Type.TEXT, "The application; the artifact's base name if not set."),
            ConfigKey.of("version", ConfigKey.Type.TEXT, "The version to deploy.")
                    .mandatory(),
            ConfigKey.of("environment", ConfigKey.Type.TEXT, "A name for people.")
                    .orElse(""),
            ConfigKey.of("cluster", ConfigKey.Type.TEXT, "A name for the backend.")
                    .orElse(""),
            ConfigKey.of("artifact_path", ConfigKey.Type.TEXT, "A .tar.gz or directory, relative to this file.")
                    .mandatory(),
            ConfigKey.of("sha256", ConfigKey.Type.TEXT, "The digest that the artifact must have."),
            ConfigKey.of("command", ConfigKey.Type.TEXTS, "What to run in the artifact; bin/run if not set."),
            ConfigKey.of("env", ConfigKey.Type.TEXT_MAP, "Environment variables of the replicas."),
            ConfigKey.of("desired_replicas", ConfigKey.Type.INTEGER, "How many replicas.")
                    .range(1, 100_000),
            ConfigKey.of("max_parallel", ConfigKey.Type.INTEGER, "Replicas started at once.")
                    .range(1, 10_000)
                    .orElse("1"),
            ConfigKey.of("strategy", ConfigKey.Type.TEXT, "canary, or direct: all traffic at once.")
                    .oneOf("canary", "direct"),
            ConfigKey.of("enable_canary", ConfigKey.Type.BOOLEAN, "Whether a share of the traffic tries it first.")
                    .orElse("false"),
            ConfigKey.of("canary_traffic_percent", ConfigKey.Type.NUMBER, "The canary's share of the traffic.")
                    .range(0.01, 99.99),
            ConfigKey.of("canary", ConfigKey.Type.OBJECT, CANARY, "The canary in full."),
            ConfigKey.of("health_path", ConfigKey.Type.TEXT, "Answers 2xx when a replica is ready.")
                    .orElse("/api/health"),
            ConfigKey.of("health_initial_delay", ConfigKey.Type.DURATION, "The first look after a start.")
                    .also("health_initial_delay_seconds")
                    .orElse("0s"),
            ConfigKey.of("health_interval", ConfigKey.Type.DURATION, "From look to look.")
                    .also("health_interval_seconds")
                    .atLeast(0.05)
                    .orElse("1s"),
            ConfigKey.of("ready_timeout", ConfigKey.Type.DURATION, "How long a start may take.")
                    .atLeast(0.1)
                    .orElse("60s"),
            ConfigKey.of("drain_timeout", ConfigKey.Type.DURATION, "How long requests in flight may take.")
                    .orElse("30s"),
            ConfigKey.of("stop_grace", ConfigKey.Type.DURATION, "How long an end may take before it is forced.")
                    .orElse("10s"),
            ConfigKey.of("rollback_target", ConfigKey.Type.TEXT, "The version to go back to."),
            ConfigKey.of("reviewers", ConfigKey.Type.TEXTS, "Who signs off."),
            ConfigKey.of("notes", ConfigKey.Type.TEXT, "For people."));

    private final PluginConfig file;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private PlanFile(PluginConfig file) {
        this.file = file;
    }

    /**
     * Reads a plan file.
     *
     * @param source what was written
     * @return the specification
     * @throws ConfigException with everything that is wrong in it
     */
    public static DeploymentSpec read(ConfigNode.Mapping source) {
        return new PlanFile(SCHEMA.parse(source, "")).spec();
    }

    private DeploymentSpec spec() {
        Optional<ApplicationId> application = attempt(
                file, file.isWritten("application") ? "application" : "artifact_path", f -> new ApplicationId(name()));
        Optional<Version> version = attempt(file, "version", f -> new Version(f.text("version")));
        Optional<Version> target = file.findText("rollback_target")
                .flatMap(text -> attempt(file, "rollback_target", f -> new Version(text)));
        Optional<ArtifactRef> artifact = attempt(
                file,
                file.isWritten("sha256") ? "sha256" : "artifact_path",
                f -> new ArtifactRef(artifactPath(), f.findText("sha256")));
        Optional<HealthSpec> health = attempt(file, "health_path", f -> health());
        Optional<CanarySpec> canary = canary();
        if (problems.isEmpty()) {
            Optional<DeploymentSpec> spec = attempt(
                    file,
                    "rollback_target",
                    f -> new DeploymentSpec(
                            application.orElseThrow(),
                            version.orElseThrow(),
                            artifact.orElseThrow(),
                            f.text("environment"),
                            f.text("cluster"),
                            f.findInteger("desired_replicas")
                                    .map(count -> OptionalInt.of(count.intValue()))
                                    .orElse(OptionalInt.empty()),
                            canary,
                            (int) f.integer("max_parallel"),
                            f.texts("command"),
                            f.textMap("env"),
                            health.orElseThrow(),
                            target,
                            f.texts("reviewers")));
            if (spec.isPresent()) {
                return spec.get();
            }
        }
        throw new ConfigException(problems);
    }

    private <T> Optional<T> attempt(PluginConfig section, String key, Function<PluginConfig, T> make) {
        try {
            return Optional.of(make.apply(section));
        } catch (HyperionException | IllegalArgumentException e) {
            problems.add(section.problem(key, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /** The artifact's base name, without its ending and version. */
    private String name() {
        return file.findText("application").orElseGet(() -> {
            Path path = Path.of(file.text("artifact_path")).getFileName();
            String base = (path == null ? "" : path.toString()).replaceAll("(\\.tar\\.gz|\\.tgz|\\.jar|\\.zip)$", "");
            String bare =
                    VERSION_AT_END.matcher(base.replaceAll("-SNAPSHOT$", "")).replaceAll("");
            return bare.isEmpty() ? base : bare;
        });
    }

    private String artifactPath() {
        Path path = Path.of(file.text("artifact_path"));
        Path folder = Path.of(file.source().position().file()).toAbsolutePath().getParent();
        return path.isAbsolute() || folder == null
                ? path.toString()
                : folder.resolve(path).normalize().toString();
    }

    private HealthSpec health() {
        return new HealthSpec(
                file.text("health_path"),
                file.duration("health_initial_delay"),
                file.duration("health_interval"),
                file.duration("ready_timeout"),
                file.duration("drain_timeout"),
                file.duration("stop_grace"));
    }

    private Optional<CanarySpec> canary() {
        boolean asked = file.bool("enable_canary")
                || file.findText("strategy").filter("canary"::equals).isPresent();
        boolean refused = file.findText("strategy").filter("direct"::equals).isPresent();
        if (asked && refused) {
            problems.add(file.problem("strategy", "is direct, but enable_canary is true; keep one of the two"));
        }
        Optional<PluginConfig> section = file.object("canary");
        if (!asked && section.isPresent() && !refused && !file.isWritten("enable_canary")) {
            asked = true;
        }
        if (!asked) {
            return Optional.empty();
        }
        List<Double> steps = section.map(s -> s.numbers("steps")).orElse(List.of());
        Optional<Double> percent = file.findNumber("canary_traffic_percent");
        if (steps.isEmpty()) {
            steps = List.of(percent.orElse(10.0));
        } else if (percent.isPresent() && !percent.get().equals(steps.get(0))) {
            problems.add(file.problem(
                    "canary_traffic_percent",
                    "is " + percent.get() + ", but canary.steps begins with " + steps.get(0)
                            + "; keep one of the two"));
        }
        Duration bake = section.map(s -> s.duration("bake")).orElse(Duration.ofMinutes(30));
        Optional<AnalysisSpec> analysis = section.flatMap(s -> s.object("analysis"))
                .map(this::analysis)
                .orElse(Optional.of(AnalysisSpec.defaults()));
        List<Double> shares = steps;
        return analysis.flatMap(a -> attempt(
                section.orElse(file),
                section.isPresent() ? "steps" : "canary_traffic_percent",
                f -> new CanarySpec(shares, bake, a)));
    }

    private Optional<AnalysisSpec> analysis(PluginConfig section) {
        List<AnalysisRule> rules = new ArrayList<>();
        for (PluginConfig rule : section.objects("rules")) {
            Optional<MetricQuery> metric =
                    attempt(rule, "metric", r -> MetricQuery.parse(r.text("metric"), Duration.ofSeconds(1)));
            Optional<Threshold> threshold = attempt(rule, "threshold", r -> Threshold.parse(r.text("threshold")));
            if (metric.isPresent() && threshold.isPresent()) {
                rules.add(new AnalysisRule(
                        rule.text("metric"),
                        Comparison.ofWord(rule.text("comparison")).orElseThrow(),
                        threshold.get(),
                        (int) rule.integer("hits")));
            }
        }
        return attempt(
                section,
                "interval",
                s -> new AnalysisSpec(
                        rules,
                        s.texts("alerts"),
                        s.duration("interval"),
                        s.duration("window"),
                        s.integer("min_samples"),
                        s.duration("warm_up"),
                        s.duration("max_extension")));
    }
}
