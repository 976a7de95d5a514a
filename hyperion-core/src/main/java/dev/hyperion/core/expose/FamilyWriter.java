// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.io.IOException;
import java.io.OutputStream;

/** Writes families in one format, one after the other. Thread-safety: confined to one scrape. */
interface FamilyWriter {
    void write(Family family, OutputStream out) throws IOException;

    /** Writes what is left, and what the format ends with. */
    void end(OutputStream out) throws IOException;
}
