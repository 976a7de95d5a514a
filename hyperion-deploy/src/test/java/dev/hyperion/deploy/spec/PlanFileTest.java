// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConfigException;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.journal.Fields;
import dev.hyperion.deploy.journal.PlanCodec;
import dev.hyperion.spi.ConfigNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanFileTest {
    private static DeploymentSpec read(Map<String, ?> more) {
        Map<String, Object> values = new HashMap<>(Map.of("version", "1.4.0", "artifact_path", "/a/shop-1.4.0.tar.gz"));
        values.putAll(more);
        return PlanFile.read(ConfigNode.Mapping.of(values));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/shop-1.4.0.tar.gz, shop",
        "/a/shop.tar.gz, shop",
        "/a/embedded-service-0.1.0-SNAPSHOT.tar.gz, embedded-service",
        "/a/check-out, check-out",
        "/a/2048-1.0.tgz, 2048",
    })
    void theApplicationIsTheArtifactsBaseName(String path, String application) {
        assertThat(read(Map.of("artifact_path", path)).application()).hasToString(application);
    }

    @Test
    void thePlaybooksCanaryIsTenPercentForHalfAnHour() {
        DeploymentSpec spec = read(Map.of(
                "enable_canary",
                true,
                "canary_traffic_percent",
                10,
                "rollback_target",
                "1.3.5",
                "reviewers",
                List.of("Release manager", "SRE lead")));
        assertThat(spec.canary().orElseThrow().steps()).containsExactly(10.0);
        assertThat(spec.canary().orElseThrow().bake()).isEqualTo(Duration.ofMinutes(30));
        assertThat(spec.rollbackTarget()).hasToString("Optional[1.3.5]");
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        assertThatThrownBy(() -> read(Map.of("version", "no version", "desired_replicas", 0, "artefact", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("desired_replicas is '0'")
                .hasMessageContaining("artefact is not a known key");
        assertThatThrownBy(() -> read(Map.of("version", "no version", "rollback_target", "?", "health_path", "health")))
                .hasMessageContaining("version version 'no version' is not a version")
                .hasMessageContaining("rollback_target")
                .hasMessageContaining("health_path");
    }

    @Test
    void wordsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> read(Map.of("enable_canary", true, "strategy", "direct")))
                .hasMessageContaining("strategy is direct, but enable_canary is true");
    }

    @Test
    void whatIsWrittenIntoTheJournalIsReadBackEqual() {
        DeploymentSpec spec = read(Map.of(
                "canary",
                Map.of(
                        "steps",
                        List.of(5, 25),
                        "bake",
                        "90s",
                        "analysis",
                        Map.of("rules", List.of(Map.of("metric", "latency.p95", "threshold", "250 ms")))),
                "env",
                Map.of("A", "1"),
                "command",
                List.of("bin/run", "--fast")));
        String json = PlanCodec.write(spec).toString();
        assertThat(PlanCodec.spec(Fields.read(json))).isEqualTo(spec);
        assertThat(PlanCodec.write(PlanCodec.spec(Fields.read(json))).toString())
                .isEqualTo(json);
    }
}
