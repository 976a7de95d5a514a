// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
    @Test
    void theExampleInTheReadmeIsTheOneThatIsCompiledAndRun() throws Exception {
        String source = Files.readString(Path.of("src/test/java/dev/hyperion/examples/service/Checkout.java")
                .toAbsolutePath());
        String example = source.substring(
                source.indexOf("// begin of the example\n") + 24, source.indexOf("// end of the example"));
        String readme = Files.readString(Path.of("../../README.md"));
        assertThat(plain(readme)).contains(plain(example));
    }

    /** The formatter may break lines where the README does not. */
    private static String plain(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining()).replace(" ", "");
    }

    @Test
    void itMeasuresWhatItDoes() {
        Checkout checkout = new Checkout();
        assertThat(checkout.pay()).isEqualTo("paid");
        assertThat(checkout.p95Seconds()).isBetween(0.0, 1.0);
    }
}
