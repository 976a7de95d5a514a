// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

/** The places of a document that are generated: between {@code <!-- name -->} and {@code <!-- /name -->}. */
final class Markers {
    private Markers() {}

    static boolean has(String document, String name) {
        return document.contains(open(name));
    }

    private static String open(String name) {
        return "<!-- " + name + " -->";
    }

    /**
     * Replaces one place.
     *
     * @throws IllegalArgumentException if the document does not have it, or has only one of the two markers
     */
    static String fill(String document, String name, String content) {
        String open = open(name);
        String close = "<!-- /" + name + " -->";
        int from = document.indexOf(open);
        int to = document.indexOf(close);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "the document has no place '" + name + "'; it needs the lines " + open + " and " + close);
        }
        return document.substring(0, from + open.length()) + "\n" + content + document.substring(to);
    }
}
