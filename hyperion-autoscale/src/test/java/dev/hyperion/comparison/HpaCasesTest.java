// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The target policy gives what the HPA controller gives: case by case, those of its own tests and those at the edges. */
class HpaCasesTest {
    private static final int ENOUGH = 400;

    private static Stream<String> rows(String file) {
        try (InputStream in = HpaCasesTest.class.getResourceAsStream("/hpa/" + file)) {
            String text = new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<DynamicTest> tests(String file) {
        return rows(file)
                .map(row -> DynamicTest.dynamicTest(
                        row.substring(0, row.indexOf('|')).trim() + " (" + row.substring(row.indexOf('|') + 1) + ")",
                        () -> HpaCase.check(row)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> asInTheControllersOwnTests() {
        return tests("known-answers.txt");
    }

    @TestFactory
    List<DynamicTest> atTheEdges() {
        return tests("edges.txt");
    }

    @Test
    void thereAreSeveralHundred() {
        assertThat(rows("known-answers.txt").count() + rows("edges.txt").count())
                .isGreaterThanOrEqualTo(ENOUGH);
    }
}
