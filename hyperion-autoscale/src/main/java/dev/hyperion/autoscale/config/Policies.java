// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.config;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConfigException;
import dev.hyperion.ConfigProblem;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.PolicyFinding;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.autoscale.simulate.PolicyLint;
import dev.hyperion.autoscale.simulate.SimulationChart;
import dev.hyperion.autoscale.simulate.Simulator;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.ScalingPolicies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policies of the configuration: one for every application, or one for each that is named.
 *
 * <p>Thread-safety: immutable.
 */
public final class Policies implements ScalingPolicies {
    private static final ConfigSchema POLICY = PolicySection.COMMON
            .and(ThresholdSection.KEYS)
            .and(TargetSection.KEYS)
            .and(StageSection.KEYS);

    /** The keys of the section {@code autoscale}. */
    public static final ConfigSchema SCHEMA = POLICY.and(ConfigSchema.of(ConfigKey.of(
            "applications",
            ConfigKey.Type.NAMED_OBJECTS,
            POLICY,
            "A policy for each application, instead of one for all.")));

    private final Optional<Read> common;
    private final Map<ApplicationId, Read> named;

    /** A policy with what stands around it. */
    private record Read(EffectivePolicy policy, StageSettings stages) {}

    private Policies(Optional<Read> common, Map<ApplicationId, Read> named) {
        this.common = common;
        this.named = named;
    }

    /**
     * Reads the section.
     *
     * @param config the section, checked against {@link #SCHEMA}
     * @return its policies
     * @throws ConfigException with everything that is wrong in it
     */
    public static Policies read(PluginConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        Map<ApplicationId, Read> named = new LinkedHashMap<>();
        config.namedObjects("applications").forEach((name, section) -> {
            try {
                ApplicationId application = new ApplicationId(name);
                policy(Optional.of(application), section, problems).ifPresent(policy -> named.put(application, policy));
            } catch (IllegalArgumentException e) {
                problems.add(config.problem("applications", String.valueOf(e.getMessage())));
            }
        });
        boolean onlyNamed = config.isWritten("applications");
        if (onlyNamed) {
            POLICY.keys().stream()
                    .filter(key -> config.isWritten(key.name()))
                    .forEach(key -> problems.add(config.problem(
                            key.name(), "stands beside applications; move it under the application that it is for")));
        }
        Optional<Read> common = onlyNamed ? Optional.empty() : policy(Optional.empty(), config, problems);
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column));
            throw new ConfigException(problems);
        }
        return new Policies(common, named);
    }

    private static Optional<Read> policy(
            Optional<ApplicationId> application, PluginConfig config, List<ConfigProblem> problems) {
        PolicySection section = new PolicySection(config, problems);
        Optional<ScalingPolicy> policy = config.text("policy").equals(TargetSection.KIND)
                ? TargetSection.read(section)
                : ThresholdSection.read(section);
        StageSettings stages = StageSection.read(section, policy);
        return section.isWrong()
                ? Optional.empty()
                : policy.map(read ->
                        new Read(new EffectivePolicy(application, read, section.settings(), findings(read)), stages));
    }

    private static List<PolicyFinding> findings(ScalingPolicy policy) {
        List<PolicyFinding> findings = new ArrayList<>(PolicyLint.lint(policy));
        findings.addAll(UnknownMetrics.of(policy));
        return findings;
    }

    /**
     * The policy of every application that is not named.
     *
     * @return empty if only the named ones are scaled
     */
    public Optional<ScalingPolicy> common() {
        return common.map(each -> each.policy().policy());
    }

    /**
     * The policies of the applications that are named.
     *
     * @return by application, in the order of the file
     */
    public Map<ApplicationId, ScalingPolicy> named() {
        Map<ApplicationId, ScalingPolicy> policies = new LinkedHashMap<>();
        named.forEach(
                (application, each) -> policies.put(application, each.policy().policy()));
        return policies;
    }

    @Override
    public List<EffectivePolicy> all() {
        List<EffectivePolicy> all = new ArrayList<>();
        named.values().forEach(each -> all.add(each.policy()));
        common.ifPresent(each -> all.add(each.policy()));
        return List.copyOf(all);
    }

    @Override
    public Optional<EffectivePolicy> of(ApplicationId application) {
        return read(application).map(Read::policy);
    }

    /**
     * What stands around the policy of an application.
     *
     * @param application whose
     * @return nothing if no policy covers it
     */
    public StageSettings stages(ApplicationId application) {
        return read(application).map(Read::stages).orElse(StageSettings.NONE);
    }

    private Optional<Read> read(ApplicationId application) {
        return Optional.ofNullable(named.get(application)).or(() -> common);
    }

    @Override
    public SimulationResult simulate(EffectivePolicy policy, SimulationRequest request) {
        StageSettings stages = policy.application()
                .map(this::stages)
                .orElseGet(() -> common.map(Read::stages).orElse(StageSettings.NONE));
        return Simulator.run(policy.policy(), stages, request);
    }

    @Override
    public String chart(String title, SimulationResult result) {
        return SimulationChart.draw(List.of(new SimulationChart.Panel(title, result)));
    }

    @Override
    public String title(EffectivePolicy policy) {
        return PolicyReport.title(policy.policy());
    }

    @Override
    public String toJson(EffectivePolicy policy, List<ScaleRecord> history) {
        return PolicyReport.of(policy, history);
    }

    @Override
    public String toJson(SimulationResult result) {
        return PolicyReport.of(result);
    }
}
