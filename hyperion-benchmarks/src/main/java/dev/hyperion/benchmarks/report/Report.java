// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes into the documents what the results say. */
public final class Report {
    private Report() {}

    /**
     * Writes.
     *
     * @param args the repository's root, whose documents are brought up to its published results; and, for results that are
     *     not published, their folder, into which the report is then written
     * @throws IOException if results or documents cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        boolean published = args.length == 1;
        Path results = published ? root.resolve(Documents.RESULTS) : Path.of(args[1]);
        Documents documents = new Documents(root, Results.read(results));
        Map<Path, String> written = published ? documents.all() : documents.report();
        for (Map.Entry<Path, String> document : written.entrySet()) {
            Path file = (published ? root : results).resolve(document.getKey());
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, document.getValue());
            System.out.println("written: " + file);
        }
    }
}
