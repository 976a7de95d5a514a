// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.PluginException;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON. The deadline covers everything from connecting to the end of the answer's body, of which the beginning is
 * kept; TLS, proxies and trusted certificates are those of the JVM.
 *
 * <p>Thread-safety: thread-safe.
 */
final class HttpSender {
    /** An answer says in a few words what was wrong; a page of HTML or an endless stream is not read to its end. */
    private static final int MOST_BODY_BYTES = 16 * 1024;

    private final HyperionClock clock;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // a redirect would carry the secrets to somebody else
            .build();

    /** A request that is ready to be sent. */
    record Post(HttpTarget target, Map<String, String> headers, String json) {}

    HttpSender(HyperionClock clock) {
        this.clock = clock;
    }

    /** Sends one request. */
    Answer send(Post post, Deadline deadline) {
        return sendAll(List.of(post), deadline).get(0);
    }

    /**
     * Sends requests at the same time and waits for all answers, until the deadline.
     *
     * @return the answers, in the order of the requests
     * @throws PluginException retryable, if the calling thread is interrupted
     */
    List<Answer> sendAll(List<Post> posts, Deadline deadline) {
        List<CompletableFuture<HttpResponse<String>>> open = new ArrayList<>();
        for (Post post : posts) {
            HttpRequest.Builder request = post.target()
                    .request()
                    .setHeader("Content-Type", "application/json")
                    .setHeader("User-Agent", "hyperion")
                    .POST(HttpRequest.BodyPublishers.ofString(post.json()));
            post.headers().forEach(request::setHeader);
            open.add(client.sendAsync(request.build(), info -> new Beginning()));
        }
        List<Answer> answers = new ArrayList<>();
        // a little less than there is: who waits for us gives up at the deadline and would take us for one that hangs
        Duration budget = deadline.remaining();
        Deadline own = Deadline.in(clock, budget.minus(budget.dividedBy(20)));
        try {
            for (CompletableFuture<HttpResponse<String>> answer : open) {
                answers.add(await(answer, own));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PluginException("sending alerts was given up: the thread was interrupted", true, e);
        } finally {
            open.forEach(answer -> answer.cancel(true));
        }
        return answers;
    }

    private Answer await(CompletableFuture<HttpResponse<String>> open, Deadline deadline) throws InterruptedException {
        try {
            HttpResponse<String> response = open.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            Duration after = response.headers()
                    .firstValue("Retry-After")
                    .map(header -> RetryAfter.read(header, clock.now()))
                    .orElse(Duration.ZERO);
            return new Answer(response.statusCode(), response.body(), after);
        } catch (TimeoutException e) {
            return Answer.none("gave no answer in time: " + deadline);
        } catch (ExecutionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            String message = why.getMessage();
            return Answer.none(
                    "cannot be reached: " + why.getClass().getSimpleName() + (message == null ? "" : ": " + message));
        }
    }

    /** Keeps the beginning of a body and breaks off what is longer. Confined to the client's calls. */
    private static final class Beginning implements HttpResponse.BodySubscriber<String> {
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<String> getBody() {
            return text;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] part = new byte[Math.min(buffer.remaining(), MOST_BODY_BYTES - bytes.size())];
                buffer.get(part);
                bytes.writeBytes(part);
            }
            if (bytes.size() >= MOST_BODY_BYTES && subscription != null) {
                subscription.cancel();
                onComplete();
            }
        }

        @Override
        public void onError(Throwable failed) {
            text.completeExceptionally(failed);
        }

        @Override
        public void onComplete() {
            text.complete(bytes.toString(StandardCharsets.UTF_8));
        }
    }
}
