// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.spi.Delivery;
import java.time.Duration;

/**
 * What a receiver said to one request, or why it said nothing.
 *
 * <p>Thread-safety: immutable.
 *
 * @param status the status of HTTP; 0 if there was no answer
 * @param body the beginning of the body, or why there was no answer
 * @param retryAfter how long it asks to be left alone; zero if it does not
 */
record Answer(int status, String body, Duration retryAfter) {

    static Answer none(String why) {
        return new Answer(0, why, Duration.ZERO);
    }

    boolean isOk() {
        return status >= 200 && status < 300;
    }

    /**
     * What becomes of the event. 2xx is delivered. What a later attempt may cure is tried again: no answer, 5xx, 429, and
     * 408 and 425, with which a server says that this attempt came too slowly or too early. Any other answer would be the
     * same next time.
     */
    Delivery delivery(HttpTarget target) {
        if (isOk()) {
            return new Delivery.Delivered();
        }
        String said = target.quoted(body);
        if (status == 0) {
            return new Delivery.Retry(Duration.ZERO, target + " " + said);
        }
        String told = target + " answered " + status + (said.isEmpty() ? "" : ": " + said);
        if (status >= 500 || status == 429 || status == 408 || status == 425) {
            return new Delivery.Retry(retryAfter, told);
        }
        return new Delivery.Rejected(
                status >= 300 && status < 400
                        ? told + "; redirects are not followed, configure the URL that it redirects to"
                        : told);
    }
}
