// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the documents in this repository tell. */
class PublishedFiguresTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PUBLISHED = ROOT.resolve(Documents.RESULTS);

    @Test
    void theDocumentsTellWhatTheResultsBesideThemSay() throws IOException {
        Map<Path, String> generated = new Documents(ROOT, Results.read(PUBLISHED)).all();

        assertThat(generated).isNotEmpty();
        generated.forEach((document, content) -> assertThat(ROOT.resolve(document))
                .as("%s is stale; hyperion-benchmarks/run --report brings it up to date", document)
                .exists()
                .content()
                .isEqualTo(content));
    }

    @Test
    void publishedFiguresComeFromThreeForksAtLeast() throws IOException {
        Results results = Results.read(PUBLISHED);

        for (String group : results.groups()) {
            for (int jdk : results.jdks(group)) {
                Results.Run run = results.run(group, jdk).orElseThrow();
                assertThat(run.forks().orElse(3)).as("%s on JDK %d", group, jdk).isGreaterThanOrEqualTo(3);
                assertThat(run.preset()).as("%s on JDK %d", group, jdk).isNotEqualTo("smoke");
            }
        }
    }

    @Test
    void publishedResultsTellNoFoldersOfTheMachine() throws IOException {
        if (!Files.isDirectory(PUBLISHED)) {
            return;
        }
        try (var files = Files.list(PUBLISHED)) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain("/usr", "/tmp", "/home", "/root");
            }
        }
    }
}
