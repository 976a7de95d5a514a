// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table: the first column to the left, figures to the right. Thread-safety: confined. */
final class Table {
    private final StringBuilder text = new StringBuilder();

    Table(List<String> header) {
        row(header);
        List<String> rule = new ArrayList<>(List.of("---"));
        while (rule.size() < header.size()) {
            rule.add("---:");
        }
        row(rule);
    }

    Table row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        return this;
    }

    Table row(String... cells) {
        return row(List.of(cells));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
