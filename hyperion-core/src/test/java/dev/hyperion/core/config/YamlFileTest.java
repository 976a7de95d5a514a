// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConfigException;
import dev.hyperion.spi.ConfigNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {
    @TempDir
    private Path folder;

    private ConfigNode.Mapping read(String yaml) {
        return YamlFile.read("test.yaml", yaml, new SecretReferences(Map.of("TOKEN", "s3cret"), folder));
    }

    private static ConfigNode value(ConfigNode.Mapping mapping, String key) {
        ConfigNode.Entry entry = mapping.entries().get(key);
        assertThat(entry).isNotNull();
        return entry.value();
    }

    @Test
    void everyValueKnowsItsPlace() {
        ConfigNode.Mapping mapping = read("a: 1\nb:\n  - x\n  - y: z\n");
        assertThat(value(mapping, "a").position()).hasToString("test.yaml:1:4");
        assertThat(((ConfigNode.Sequence) value(mapping, "b")).items().get(1).position())
                .hasToString("test.yaml:4:5");
    }

    @Test
    void wordsStayWords() {
        ConfigNode.Scalar on = (ConfigNode.Scalar) value(read("day: 2025-10-10\nanswer: no"), "answer");
        assertThat(on.text()).isEqualTo("no");
    }

    @Test
    void secretsComeFromTheEnvironmentAndFromFilesAndAreNotShown() throws Exception {
        Files.writeString(folder.resolve("key"), "from-file\n");
        ConfigNode.Mapping mapping = read("a: ${TOKEN}\nb: ${file:key}\n");
        ConfigNode.Scalar token = (ConfigNode.Scalar) value(mapping, "a");
        assertThat(token.text()).isEqualTo("s3cret");
        assertThat(token).hasToString("***");
        assertThat(((ConfigNode.Scalar) value(mapping, "b")).text()).isEqualTo("from-file");
    }

    @Test
    void aVariableThatIsNotSetIsToldWithItsPlace() {
        assertThatThrownBy(() -> read("http:\n  key: ${NOT_SET}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test.yaml:2:8: http.key names the environment variable NOT_SET");
    }

    @Test
    void aKeyThatIsThereTwiceIsRefused() {
        assertThatThrownBy(() -> read("a: 1\na: 2\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test.yaml:2");
    }

    @Test
    void whatIsNoYamlIsToldWithItsPlace() {
        assertThatThrownBy(() -> read("a: [1, 2\nb: 3\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test.yaml:2")
                .hasMessageContaining("is not YAML");
    }

    @Test
    void aliasesThatMultiplyAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1) + "]\n");
        }
        assertThatThrownBy(() -> read(bomb.toString()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("write out what aliases stand for");
    }
}
