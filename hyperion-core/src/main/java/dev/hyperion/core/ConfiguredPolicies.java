// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core;

import dev.hyperion.ConfigException;
import dev.hyperion.ConfigProblem;
import dev.hyperion.HyperionException;
import dev.hyperion.core.config.SecretReferences;
import dev.hyperion.core.config.YamlFile;
import dev.hyperion.plugin.PluginCatalog;
import dev.hyperion.spi.AutoScalerProvider;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.ScalingPolicies;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the section {@code autoscale} alone, for whoever looks at policies where nothing runs. */
final class ConfiguredPolicies {
    static final String SECTION = "autoscale";
    static final String MISSING_AUTOSCALER =
            "needs the autoscaler; add dev.hyperion:hyperion-autoscale to the class path";

    private ConfiguredPolicies() {}

    static ScalingPolicies read(Optional<Path> file, ConfigNode.Mapping config, SecretReferences secrets) {
        ConfigNode section = file.map(path -> written(path, secrets))
                .or(() -> Optional.ofNullable(config.entries().get(SECTION)).map(ConfigNode.Entry::value))
                .orElse(ConfigNode.Mapping.empty());
        if (!(section instanceof ConfigNode.Mapping mapping)) {
            ConfigNode.Position at = section.position();
            throw new ConfigException(new ConfigProblem(
                    at.file(), at.line(), at.column(), SECTION, "is no section; expected keys and values"));
        }
        AutoScalerProvider provider = PluginCatalog.load(Hyperion.class.getClassLoader())
                .only(AutoScalerProvider.class)
                .orElseThrow(() -> new HyperionException(SECTION + " " + MISSING_AUTOSCALER));
        return provider.policies(provider.schema().parse(mapping, SECTION));
    }

    private static ConfigNode written(Path path, SecretReferences secrets) {
        return YamlFile.section(path, SECTION, secrets)
                .orElseThrow(() -> new ConfigException(
                        new ConfigProblem(path.toString(), 0, 0, SECTION, "is missing; without it nothing is scaled")));
    }
}
