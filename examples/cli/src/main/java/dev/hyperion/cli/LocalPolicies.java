// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.core.Hyperion;
import dev.hyperion.spi.ScalingPolicies;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The policies of a configuration file, without an instance; told as an instance would. */
final class LocalPolicies {
    private final ScalingPolicies policies;

    private LocalPolicies(ScalingPolicies policies) {
        this.policies = policies;
    }

    static LocalPolicies of(Path config) {
        return new LocalPolicies(Hyperion.builder().config(config).scalingPolicies());
    }

    /** The policy that holds where nothing is configured. */
    static LocalPolicies ofNothing() {
        return new LocalPolicies(Hyperion.builder().scalingPolicies());
    }

    ArrayNode all() {
        ArrayNode all = ApiClient.JSON.createArrayNode();
        policies.all().forEach(policy -> all.add(tree(policies.toJson(policy, List.of()))));
        return all;
    }

    JsonNode one(Optional<String> application) {
        return tree(policies.toJson(meant(application), List.of()));
    }

    private EffectivePolicy meant(Optional<String> application) {
        if (application.isPresent()) {
            return policies.of(new ApplicationId(application.get()))
                    .orElseThrow(() -> new RefusedByInstance(
                            application.get() + " has no scaling policy; those named are " + names()));
        }
        if (policies.all().size() != 1) {
            throw new RefusedByInstance("there are several policies, of " + names() + "; name one with --app");
        }
        return policies.all().get(0);
    }

    private List<String> names() {
        return policies.all().stream()
                .map(policy -> policy.application().map(ApplicationId::value).orElse("all"))
                .toList();
    }

    /** What {@code /api/autoscale/simulate} would answer. */
    ObjectNode simulate(Optional<String> application, SimulationRequest request, boolean chart) {
        EffectivePolicy policy = meant(application);
        SimulationResult result = policies.simulate(policy, request);
        ObjectNode answer = ApiClient.JSON.createObjectNode();
        answer.set("policy", tree(policies.toJson(policy, List.of())));
        answer.set("simulation", tree(policies.toJson(result)));
        return answer.put("chart", chart ? policies.chart(policies.title(policy), result) : null);
    }

    private static JsonNode tree(String json) {
        try {
            return ApiClient.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written as JSON can be read", e);
        }
    }
}
