// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

/** Who may ask. */
enum Access {
    /** Anybody. */
    OPEN,
    /** Whoever has a key. */
    KEY,
    /** Whoever has a key with the operator role. */
    OPERATOR
}
