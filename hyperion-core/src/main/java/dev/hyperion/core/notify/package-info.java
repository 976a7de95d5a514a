// SPDX-License-Identifier: Apache-2.0
/**
 * Notifiers that speak HTTP: {@code webhook}, {@code slack} and {@code alertmanager}.
 *
 * <p>What they share is how one request is sent and judged ({@code HttpSender}, {@code HttpTarget}, {@code Answer}): the
 * deadline covers everything from connecting to the last byte read, redirects are not followed, an answer is read up to a
 * bound, and neither URLs nor headers get into logs. When to try again is the business of the queue in
 * {@code dev.hyperion.core.alert}.
 */
@NullMarked
package dev.hyperion.core.notify;

import org.jspecify.annotations.NullMarked;
