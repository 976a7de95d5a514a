// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/** How a request ended, as its client saw it. */
enum Outcome {
    /** Informational answers as the last one: none in practice. */
    INFORMATIONAL("1xx", false),
    /** Success. */
    SUCCESS("2xx", false),
    /** Redirection. */
    REDIRECTION("3xx", false),
    /** The client's mistake. */
    CLIENT_ERROR("4xx", false),
    /** The replica's error, or ours for want of an answer from it. */
    SERVER_ERROR("5xx", true),
    /** The replica broke off after its answer had begun. */
    BROKEN_OFF("broken_off", true),
    /** The client left before its answer was complete: no error of the version. */
    CLIENT_GONE("client_gone", false);

    private final String label;
    private final boolean error;

    Outcome(String label, boolean error) {
        this.label = label;
        this.error = error;
    }

    String label() {
        return label;
    }

    boolean error() {
        return error;
    }

    static Outcome ofStatus(int status) {
        if (status >= 500) {
            return SERVER_ERROR;
        }
        return values()[Math.max(1, status / 100) - 1];
    }
}
