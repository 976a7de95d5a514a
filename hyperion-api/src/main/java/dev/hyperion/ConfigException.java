// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A configuration or plan file is refused as a whole; carries everything that is wrong in it at once.
 *
 * <p>Thread-safety: immutable.
 */
public final class ConfigException extends HyperionException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /**
     * A refusal with all of its problems.
     *
     * @param problems at least one, in the order of the file
     */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("a ConfigException needs at least one problem");
        }
        this.problems = List.copyOf(problems);
    }

    /**
     * A refusal for one problem.
     *
     * @param problem what is wrong
     */
    public ConfigException(ConfigProblem problem) {
        this(List.of(problem));
    }

    /**
     * Everything that is wrong.
     *
     * @return at least one problem, in the order of the file
     */
    public List<ConfigProblem> problems() {
        return problems == null ? List.of() : problems;
    }
}
