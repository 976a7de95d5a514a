// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.demo;

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

    /** One line each. */
    List<String> lines() {
        int width = facts.stream().mapToInt(fact -> fact.what().length()).max().orElse(0);
        return facts.stream()
                .map(fact -> String.format(
                        "  %s  %-" + width + "s  %s", fact.holds() ? "ok  " : "FAIL", fact.what(), fact.seen()))
                .toList();
    }
}
