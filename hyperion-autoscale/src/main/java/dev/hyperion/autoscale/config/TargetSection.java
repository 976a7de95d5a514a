// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.config;

import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The keys of a target policy: those of Kubernetes' {@code autoscaling/v2} in the spelling of this configuration. */
final class TargetSection {
    static final String KIND = "target";

    private static final String UTILIZATION = "utilization";
    private static final String AVERAGE = "average";
    private static final String VALUE = "value";
    private static final String VALUE_PER_REPLICA = "value-per-replica";
    private static final String PODS = "pods";
    private static final String PERCENT = "percent";
    private static final String TOLERANCE = "0.1";
    private static final String BEHAVIOR_KEY = "behavior";
    private static final String WITHOUT_BEHAVIOR = "without_behavior";
    private static final double MILLI = 1_000;

    private static final ConfigSchema METRIC = ConfigSchema.of(
            ConfigKey.of("type", ConfigKey.Type.TEXT, "What the target is compared with.")
                    .oneOf(UTILIZATION, AVERAGE, VALUE, VALUE_PER_REPLICA)
                    .mandatory(),
            ConfigKey.of("metric", ConfigKey.Type.TEXT, "The metric's address.").mandatory(),
            ConfigKey.of(
                            "target",
                            ConfigKey.Type.NUMBER,
                            "What it should be: percent for utilization, else in the metric's unit.")
                    .range(0.001, 1e12)
                    .mandatory(),
            ConfigKey.of(
                    "start_inflates",
                    ConfigKey.Type.BOOLEAN,
                    "Whether a starting replica shows more than its work explains; true for names that begin with cpu."));

    private static final ConfigSchema LIMIT = ConfigSchema.of(
            ConfigKey.of("type", ConfigKey.Type.TEXT, "What the value counts.")
                    .oneOf(PODS, PERCENT)
                    .mandatory(),
            ConfigKey.of("value", ConfigKey.Type.INTEGER, "How many replicas, or percent of them.")
                    .range(1, 1_000_000)
                    .mandatory(),
            ConfigKey.of("period", ConfigKey.Type.DURATION, "In which time.")
                    .also("period_seconds")
                    .range(1, 1_800)
                    .mandatory());

    private static final ConfigSchema RULES = ConfigSchema.of(
            ConfigKey.of(
                            "stabilization_window",
                            ConfigKey.Type.DURATION,
                            "Up takes the smallest, down the largest recommendation of so long a time.")
                    .also("stabilization_window_seconds")
                    .range(0, 3_600),
            ConfigKey.of("select", ConfigKey.Type.TEXT, "Which of several limits counts, or none at all.")
                    .oneOf("max", "min", "disabled")
                    .orElse("max"),
            ConfigKey.of("tolerance", ConfigKey.Type.NUMBER, "As above, for this direction.")
                    .range(0, 10),
            ConfigKey.of("policies", ConfigKey.Type.OBJECTS, LIMIT, "How many replicas may come or go per period."));

    private static final ConfigSchema BEHAVIOR = ConfigSchema.of(
            ConfigKey.of("scale_up", ConfigKey.Type.OBJECT, RULES, "How fast replicas may come."),
            ConfigKey.of("scale_down", ConfigKey.Type.OBJECT, RULES, "How fast replicas may go."));

    private static final TargetPolicy.Panic CALM = TargetPolicy.Panic.DEFAULTS;

    private static final ConfigSchema PANIC = ConfigSchema.of(
            ConfigKey.of("window", ConfigKey.Type.DURATION, "The short window.")
                    .atLeast(0.1)
                    .orElse(CALM.window().toSeconds() + "s"),
            ConfigKey.of("stable_window", ConfigKey.Type.DURATION, "The long window.")
                    .atLeast(0.1)
                    .orElse(CALM.stableWindow().toSeconds() + "s"),
            ConfigKey.of(
                            "threshold",
                            ConfigKey.Type.NUMBER,
                            "Panic begins when the short window wants so many times the ready replicas.")
                    .orElse(Double.toString(CALM.threshold())),
            ConfigKey.of("max_up_rate", ConfigKey.Type.NUMBER, "At most so many times the ready replicas at once.")
                    .orElse(Double.toString(CALM.maxUpRate())),
            ConfigKey.of("max_down_rate", ConfigKey.Type.NUMBER, "At least the ready replicas divided by so much.")
                    .orElse(Double.toString(CALM.maxDownRate())),
            ConfigKey.of("down_delay", ConfigKey.Type.DURATION, "The largest proposal of so long a time counts.")
                    .orElse(CALM.downDelay().toSeconds() + "s"));

    private static final ConfigSchema START = ConfigSchema.of(
            ConfigKey.of("warm_up", ConfigKey.Type.DURATION, "So long a replica's inflated samples do not count.")
                    .orElse(TargetPolicy.StartUp.DEFAULTS.warmUp().toSeconds() + "s"),
            ConfigKey.of("readiness_delay", ConfigKey.Type.DURATION, "So long a replica may never have been ready.")
                    .orElse(TargetPolicy.StartUp.DEFAULTS.readinessDelay().toSeconds() + "s"));

    static final ConfigSchema KEYS = ConfigSchema.of(
            ConfigKey.of("metrics", ConfigKey.Type.OBJECTS, METRIC, "What is kept at its target; the largest wins."),
            ConfigKey.of(
                            "tolerance",
                            ConfigKey.Type.NUMBER,
                            "How far value / target may be from 1 without a change; 0.1 if not set.")
                    .range(0, 10),
            ConfigKey.of(BEHAVIOR_KEY, ConfigKey.Type.OBJECT, BEHAVIOR, "How fast replicas may come and go."),
            ConfigKey.of(
                    WITHOUT_BEHAVIOR,
                    ConfigKey.Type.BOOLEAN,
                    "Be as fast as autoscaling/v2 is for an object that has no behavior; false if not set."),
            ConfigKey.of("panic", ConfigKey.Type.OBJECT, PANIC, "A short window beside the long one; off if not set."),
            ConfigKey.of("start_up", ConfigKey.Type.OBJECT, START, "When a new replica counts."),
            ConfigKey.of(
                            "activation",
                            ConfigKey.Type.NUMBER,
                            "With min_replicas 0: what some metric must exceed for the first replica; 0 if not set.")
                    .range(0, 1e12));

    private final PolicySection section;
    private final PluginConfig config;

    private TargetSection(PolicySection section) {
        this.section = section;
        this.config = section.config();
    }

    /** Empty if something is wrong. */
    static Optional<ScalingPolicy> read(PolicySection section) {
        return new TargetSection(section).read();
    }

    private Optional<ScalingPolicy> read() {
        section.refuseKeysOf(ThresholdSection.KEYS, ThresholdSection.KIND);
        section.tellPolicy();
        List<TargetMetric> metrics = metrics();
        section.tellBounds();
        Optional<PluginConfig> behavior = config.object(BEHAVIOR_KEY);
        boolean withoutBehavior = withoutBehavior();
        ScalingRules up = rules(behavior, "scale_up", ScalingRules.upDefaults());
        ScalingRules down = rules(behavior, "scale_down", ScalingRules.downDefaults());
        TargetPolicy.StartUp startUp = startUp();
        Optional<TargetPolicy.Panic> panic = config.object("panic").flatMap(this::panic);
        double activation = config.findNumber("activation").orElse(0.0);
        section.tell("activation", activation);
        section.tellRest();
        checkZero(metrics);
        section.checkBounds();
        Optional<LocalDate> reviewedOn = section.reviewedOn();
        if (section.isWrong()) {
            return Optional.empty();
        }
        return Optional.of(new TargetPolicy(
                metrics,
                section.minReplicas(),
                section.maxReplicas(),
                up,
                down,
                withoutBehavior,
                startUp,
                panic,
                Math.round(activation * MILLI),
                section.interval(),
                section.maxAge(),
                reviewedOn,
                section.approvedBy()));
    }

    private boolean withoutBehavior() {
        boolean without = config.isWritten(WITHOUT_BEHAVIOR) && config.bool(WITHOUT_BEHAVIOR);
        if (config.isWritten(WITHOUT_BEHAVIOR)) {
            section.tell(WITHOUT_BEHAVIOR, without);
        }
        if (without && config.isWritten(BEHAVIOR_KEY)) {
            section.wrong(WITHOUT_BEHAVIOR, "is true, and there is a behavior; remove one of the two");
        }
        return without;
    }

    private List<TargetMetric> metrics() {
        List<TargetMetric> metrics = new ArrayList<>();
        List<PluginConfig> written = config.objects("metrics");
        if (written.isEmpty()) {
            section.wrong(
                    "metrics",
                    "is missing; expected a list of metrics with targets, such as [{type: utilization, metric:"
                            + " cpu.utilization, target: 60}]");
        }
        for (int i = 0; i < written.size(); i++) {
            PluginConfig each = written.get(i);
            String prefix = "metrics[" + i + "].";
            section.checkMetric(each, "metric");
            TargetMetric metric = metric(each);
            metrics.add(metric);
            Optional<PluginConfig> here = Optional.of(each);
            section.tell(here, prefix, type(metric), "type");
            section.tell(here, prefix, each.text("metric"), "metric");
            section.tell(here, prefix, plain(each.number("target")), "target");
            if (metric instanceof TargetMetric.Utilization || metric instanceof TargetMetric.PerReplica) {
                section.tell(here, prefix, startInflates(each), "start_inflates");
            } else if (each.isWritten("start_inflates")) {
                section.wrong(
                        each, "start_inflates", "is of no use here: one value stands for all replicas; remove it");
            }
        }
        return metrics;
    }

    private TargetMetric metric(PluginConfig each) {
        String name = each.text("metric");
        double target = each.number("target");
        long milli = Math.round(target * MILLI);
        switch (each.text("type")) {
            case UTILIZATION:
                if (target < 1 || target > 100_000 || target != Math.rint(target)) {
                    section.wrong(each, "target", "is " + plain(target) + "; expected whole percent, 1 to 100000");
                }
                return new TargetMetric.Utilization(name, (int) Math.max(1, target), startInflates(each));
            case AVERAGE:
                return new TargetMetric.PerReplica(name, milli, startInflates(each));
            case VALUE:
                return new TargetMetric.Value(name, milli);
            default:
                return new TargetMetric.ValuePerReplica(name, milli);
        }
    }

    private static boolean startInflates(PluginConfig metric) {
        return metric.isWritten("start_inflates")
                ? metric.bool("start_inflates")
                : metric.text("metric").toLowerCase(Locale.ROOT).startsWith("cpu");
    }

    private ScalingRules rules(Optional<PluginConfig> behavior, String direction, ScalingRules usual) {
        Optional<PluginConfig> here = behavior.flatMap(each -> each.object(direction));
        String prefix = "behavior." + direction + ".";
        ScalingRules rules = new ScalingRules(
                here.flatMap(each -> each.findDuration("stabilization_window")).orElse(usual.stabilizationWindow()),
                here.filter(each -> each.isWritten("policies"))
                        .map(each -> each.objects("policies").stream()
                                .map(TargetSection::limit)
                                .toList())
                        .orElse(usual.limits()),
                here.map(each -> ScalingRules.Select.valueOf(each.text("select").toUpperCase(Locale.ROOT)))
                        .orElse(usual.select()),
                tolerance(here));
        section.tell(here, prefix, rules.stabilizationWindow(), "stabilization_window", "stabilization_window_seconds");
        section.tell(here, prefix, rules.select().name().toLowerCase(Locale.ROOT), "select");
        if (here.filter(each -> each.isWritten("tolerance")).isEmpty() && config.isWritten("tolerance")) {
            section.tell(Optional.of(config), prefix, rules.tolerance(), "tolerance");
        } else {
            section.tell(here, prefix, rules.tolerance(), "tolerance");
        }
        for (int i = 0; i < rules.limits().size(); i++) {
            List<PluginConfig> written =
                    here.map(each -> each.objects("policies")).orElse(List.of());
            tellLimit(
                    written.isEmpty() ? Optional.empty() : Optional.of(written.get(i)),
                    prefix + "policies[" + i + "].",
                    rules.limits().get(i));
        }
        return rules;
    }

    private double tolerance(Optional<PluginConfig> rules) {
        return rules.flatMap(each -> each.findNumber("tolerance"))
                .or(() -> config.findNumber("tolerance"))
                .orElse(Double.valueOf(TOLERANCE));
    }

    private static ScalingRules.Limit limit(PluginConfig config) {
        return new ScalingRules.Limit(
                config.text("type").equals(PODS) ? ScalingRules.Unit.REPLICAS : ScalingRules.Unit.PERCENT,
                (int) config.integer("value"),
                config.duration("period"));
    }

    private void tellLimit(Optional<PluginConfig> here, String prefix, ScalingRules.Limit limit) {
        section.tell(here, prefix, type(limit), "type");
        section.tell(here, prefix, limit.value(), "value");
        section.tell(here, prefix, limit.period(), "period", "period_seconds");
    }

    private TargetPolicy.StartUp startUp() {
        Optional<PluginConfig> here = config.object("start_up");
        TargetPolicy.StartUp startUp = here.map(
                        each -> new TargetPolicy.StartUp(each.duration("warm_up"), each.duration("readiness_delay")))
                .orElse(TargetPolicy.StartUp.DEFAULTS);
        section.tell(here, "start_up.", startUp.warmUp(), "warm_up");
        section.tell(here, "start_up.", startUp.readinessDelay(), "readiness_delay");
        return startUp;
    }

    private Optional<TargetPolicy.Panic> panic(PluginConfig here) {
        if (here.duration("window").compareTo(here.duration("stable_window")) >= 0) {
            section.wrong(
                    here,
                    "window",
                    "is " + here.duration("window").toMillis() / MILLI + " s; expected less than stable_window "
                            + here.duration("stable_window").toMillis() / MILLI + " s");
        }
        boolean good = !section.isWrong();
        for (String rate : List.of("threshold", "max_up_rate", "max_down_rate")) {
            if (here.number(rate) <= 1) {
                section.wrong(here, rate, "is " + plain(here.number(rate)) + "; expected more than 1");
                good = false;
            }
            section.tell(Optional.of(here), "panic.", here.number(rate), rate);
        }
        for (String time : List.of("window", "stable_window", "down_delay")) {
            section.tell(Optional.of(here), "panic.", here.duration(time), time);
        }
        return good
                ? Optional.of(new TargetPolicy.Panic(
                        here.duration("window"),
                        here.duration("stable_window"),
                        here.number("threshold"),
                        here.number("max_up_rate"),
                        here.number("max_down_rate"),
                        here.duration("down_delay")))
                : Optional.empty();
    }

    /** Without replicas nobody measures what replicas do. */
    private void checkZero(List<TargetMetric> metrics) {
        boolean readable = metrics.stream()
                .anyMatch(metric ->
                        metric instanceof TargetMetric.Value || metric instanceof TargetMetric.ValuePerReplica);
        if (section.minReplicas() == 0 && !readable) {
            section.wrong(
                    "min_replicas",
                    "is 0; expected 1 or more, or a metric of type value or value-per-replica: without replicas"
                            + " nobody measures the others");
        }
        if (section.minReplicas() > 0 && config.isWritten("activation")) {
            section.wrong(
                    "activation",
                    "is only for min_replicas 0, and that is " + section.minReplicas() + "; remove one of the two");
        }
    }

    /** How the configuration calls a metric's kind. */
    static String type(TargetMetric metric) {
        if (metric instanceof TargetMetric.Utilization) {
            return UTILIZATION;
        }
        if (metric instanceof TargetMetric.PerReplica) {
            return AVERAGE;
        }
        return metric instanceof TargetMetric.Value ? VALUE : VALUE_PER_REPLICA;
    }

    /** How the configuration calls what a limit counts. */
    static String type(ScalingRules.Limit limit) {
        return limit.unit() == ScalingRules.Unit.REPLICAS ? PODS : PERCENT;
    }

    static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
