// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.security;

/** What the holder of a key may do, least first. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Look and change. */
    OPERATOR
}
