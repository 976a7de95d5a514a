// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConfigException;
import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.spi.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every notifier that speaks HTTP makes of receivers that are not well. Real servers, real time where it counts. */
@Timeout(30)
class HttpNotifiersTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(20);

    enum Kind {
        WEBHOOK(new WebhookAlertNotifierProvider()),
        SLACK(new SlackAlertNotifierProvider()),
        ALERTMANAGER(new AlertmanagerAlertNotifierProvider());

        private final AlertNotifierProvider provider;

        Kind(AlertNotifierProvider provider) {
            this.provider = provider;
        }

        AlertNotifier at(String url, HyperionClock clock) {
            return Notifiers.make(provider, section(url), clock);
        }

        Map<String, Object> section(String url) {
            return new HashMap<>(Map.of("url", url));
        }
    }

    private static Delivery tell(Kind kind, String url, Duration time) {
        HyperionClock clock = HyperionClock.system();
        try (AlertNotifier notifier = kind.at(url, clock)) {
            return notifier.deliver(Notifiers.event("e1", AlertState.FIRING), Deadline.in(clock, time));
        }
    }

    private static Delivery answered(Kind kind, HyperionClock clock, int status, Map<String, String> headers)
            throws Exception {
        try (Receiver receiver = Receiver.http().answers(status, headers, "busy")) {
            try (AlertNotifier notifier = kind.at(receiver.url("/in"), clock)) {
                return notifier.deliver(
                        Notifiers.event("e1", AlertState.FIRING), Deadline.in(HyperionClock.system(), LONG));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tooManyRequestsWaitsAsManySecondsAsAsked(Kind kind) throws Exception {
        assertThat(answered(kind, HyperionClock.system(), 429, Map.of("Retry-After", "37")))
                .isInstanceOfSatisfying(
                        Delivery.Retry.class, retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(37)));
    }

    @ParameterizedTest
    @EnumSource
    void unavailableWaitsUntilTheDateThatIsAskedForOnTheGivenClock(Kind kind) throws Exception {
        ManualTime clock = new ManualTime();
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                clock.now().plusSeconds(90).atOffset(ZoneOffset.UTC));

        assertThat(answered(kind, clock, 503, Map.of("Retry-After", date)))
                .isInstanceOfSatisfying(
                        Delivery.Retry.class, retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(90)));
    }

    @ParameterizedTest
    @EnumSource
    void aServerErrorIsTriedAgainAndAMistakeOfOursIsNot(Kind kind) throws Exception {
        for (int again : new int[] {500, 502, 503, 504, 429, 408, 425}) {
            assertThat(answered(kind, HyperionClock.system(), again, Map.of()))
                    .as("answer " + again)
                    .isInstanceOfSatisfying(
                            Delivery.Retry.class,
                            retry -> assertThat(retry.after()).isZero());
        }
        for (int never : new int[] {400, 401, 403, 404, 410, 413, 422}) {
            assertThat(answered(kind, HyperionClock.system(), never, Map.of()))
                    .as("answer " + never)
                    .isInstanceOfSatisfying(
                            Delivery.Rejected.class,
                            rejected -> assertThat(rejected.why())
                                    .contains("answered " + never)
                                    .contains("busy"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectIsNotFollowedSinceItWouldCarryTheSecretsToSomebodyElse(Kind kind) throws Exception {
        try (Receiver elsewhere = Receiver.http();
                Receiver receiver = Receiver.http()) {
            receiver.answers(307, Map.of("Location", elsewhere.url("/there")), "");

            assertThat(tell(kind, receiver.url("/in"), LONG))
                    .isInstanceOfSatisfying(
                            Delivery.Rejected.class,
                            rejected ->
                                    assertThat(rejected.why()).contains("307").contains("redirects are not followed"));
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverThatNeverAnswersIsGivenUpAtTheDeadline(Kind kind) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Receiver receiver = Receiver.raw((in, out) -> never.await())) {
            assertGivenUp(kind, receiver.url("/in"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverThatDripsItsAnswerIsGivenUpAtTheDeadline(Kind kind) throws Exception {
        Semaphore never = new Semaphore(0);
        try (Receiver receiver = Receiver.raw((in, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (!never.tryAcquire(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                out.write('x');
                out.flush();
            }
        })) {
            assertGivenUp(kind, receiver.url("/in"));
        }
    }

    private static void assertGivenUp(Kind kind, String url) {
        long began = System.nanoTime();
        assertThat(tell(kind, url, SHORT))
                .isInstanceOfSatisfying(
                        Delivery.Retry.class, retry -> assertThat(retry.why()).contains("gave no answer in time"));
        // far less than a client's own time-outs, whatever the machine does meanwhile
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(SHORT.dividedBy(2), Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @EnumSource
    void anEndlessAnswerIsReadToABoundAndNoFurther(Kind kind) throws Exception {
        try (Receiver receiver = Receiver.raw((in, out) -> {
            readHead(in);
            out.write("HTTP/1.1 500 No\r\nContent-Type: text/plain\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] page = "endless ".repeat(8_192).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                out.write(page);
            }
        })) {
            assertThat(tell(kind, receiver.url("/in"), LONG))
                    .isInstanceOfSatisfying(
                            Delivery.Retry.class,
                            retry -> assertThat(retry.why())
                                    .contains("answered 500: endless endless")
                                    .hasSizeLessThan(400));
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int newlines = 0;
        while (newlines < 2) {
            int c = in.read();
            newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotHttpIsTriedAgain(Kind kind) throws Exception {
        try (Receiver receiver = Receiver.raw((in, out) -> {
            readHead(in);
            out.write("\u0000\u0001SSH-2.0-OpenSSH_9.2 garbage\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        })) {
            assertThat(tell(kind, receiver.url("/in"), LONG)).isInstanceOf(Delivery.Retry.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatIsRefusedOrClosedIsTriedAgain(Kind kind) throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(tell(kind, "http://127.0.0.1:" + free + "/in", LONG))
                .isInstanceOfSatisfying(
                        Delivery.Retry.class, retry -> assertThat(retry.why()).contains("cannot be reached"));
        try (Receiver receiver = Receiver.raw((in, out) -> readHead(in))) {
            assertThat(tell(kind, receiver.url("/in"), LONG)).isInstanceOf(Delivery.Retry.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void neitherUrlNorPasswordIsToldEvenIfTheReceiverRepeatsThem(Kind kind) throws Exception {
        String said = "Cannot POST /services/T000/B000/s3cr3t-token?key=qu3ry-secret for ann:pa55w0rd,"
                + " token s3cr3t-token, Basic YW5uOnBhNTV3MHJk";
        try (Receiver receiver = Receiver.http().answers(404, Map.of(), said)) {
            String url = "http://ann:pa55w0rd@127.0.0.1:" + receiver.port()
                    + "/services/T000/B000/s3cr3t-token?key=qu3ry-secret";

            Delivery delivery = tell(kind, url, LONG);

            assertThat(delivery).isInstanceOf(Delivery.Rejected.class);
            assertThat(delivery.toString())
                    .contains("http://127.0.0.1:" + receiver.port() + " answered 404: Cannot POST ***")
                    .doesNotContain("s3cr3t", "qu3ry", "pa55w0rd", "YW5uOnBhNTV3MHJk");
            assertThat(receiver.requests().get(0).headers()).containsEntry("authorization", "Basic YW5uOnBhNTV3MHJk");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoUrlOfHttpIsRefusedWithoutShowingIt(Kind kind) {
        for (String url : new String[] {
            "file:///etc/s3cr3t", "s3cr3t", "http:/s3cr3t", "gopher://s3cr3t/x", "http://s3 cr3t/", "", "//s3cr3t"
        }) {
            assertThatThrownBy(() -> kind.at(url, HyperionClock.system()))
                    .as(url)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("expected http:// or https:// and a host")
                    .hasMessageNotContaining("s3");
        }
    }

    @Test
    void anEmptyListOfAlertmanagersIsRefused() {
        assertThatThrownBy(() ->
                        Notifiers.make(new AlertmanagerAlertNotifierProvider(), Map.of("urls", java.util.List.of())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("plugins.alertmanager.urls is empty");
    }

    @Test
    void aHeaderThatCannotBeSentIsRefusedWithoutItsValue() {
        for (Map<String, String> headers : java.util.List.of(
                Map.of("X-Token", "s3cr3t\r\nHost: evil"),
                Map.of("Content-Length", "s3cr3t"),
                Map.of("a b", "s3cr3t"))) {
            assertThatThrownBy(() -> Notifiers.make(
                            new WebhookAlertNotifierProvider(), Map.of("url", "http://127.0.0.1/", "headers", headers)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("which cannot be sent")
                    .hasMessageNotContaining("s3cr3t");
        }
    }

    @Test
    void anInterruptedDeliveryEndsAtOnceAndLeavesTheThreadInterrupted() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (Receiver receiver = Receiver.raw((in, out) -> {
            asked.countDown();
            never.await();
        })) {
            boolean[] interrupted = {false};
            Throwable[] thrown = {null};
            Thread caller = new Thread(() -> {
                try {
                    tell(Kind.WEBHOOK, receiver.url("/in"), LONG);
                } catch (RuntimeException e) {
                    thrown[0] = e;
                    interrupted[0] = Thread.currentThread().isInterrupted();
                }
            });
            caller.start();
            asked.await();
            caller.interrupt();
            caller.join();

            assertThat(thrown[0])
                    .isInstanceOfSatisfying(
                            dev.hyperion.PluginException.class,
                            e -> assertThat(e.retryable()).isTrue());
            assertThat(interrupted[0]).isTrue();
        }
    }
}
