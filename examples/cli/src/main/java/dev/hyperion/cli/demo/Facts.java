// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What was to be seen and what was. */
final class Facts {
    private final List<Fact> facts = new ArrayList<>();

    /**
     * One of them.
     *
     * @param what what was to be seen
     * @param seen the figure that was
     * @param holds whether it is as it should be
     */
    private record Fact(String what, String seen, boolean holds) {}

    void add(String what, String seen, boolean holds) {
        facts.add(new Fact(what, seen, holds));
    }

    boolean allHold() {
        return facts.stream().allMatch(Fact::holds);
    }

    void print(PrintWriter out) {
        int width = facts.stream().mapToInt(fact -> fact.what().length()).max().orElse(0);
        for (Fact fact : facts) {
            out.printf("  %s  %-" + width + "s  %s%n", fact.holds() ? "ok  " : "FAIL", fact.what(), fact.seen());
        }
    }
}
