// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.PluginException;
import dev.hyperion.Version;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.deploy.local.os.ProcessIdentity;
import dev.hyperion.monitoring.Distribution;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Scope;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.MetricSource;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedRoute;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.TrafficRouterProvider;
import dev.hyperion.spi.Weighted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTrafficRouterIT {
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Version OLD = new Version("1.0");
    private static final Version NEW = new Version("2.0");
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path temp;

    private final List<Process> started = new ArrayList<>();
    private TestHouse house;
    private TrafficRouter router;
    private TestReplica old;
    private TestReplica fresh;

    @BeforeEach
    void open() throws IOException {
        house = new TestHouse(temp);
        router = house.router(Map.of());
        old = TestReplica.named("old");
        fresh = TestReplica.named("fresh");
    }

    @AfterEach
    void leaveNothingBehind() throws Exception {
        router.close();
        house.close();
        old.close();
        fresh.close();
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        for (ProcessHandle process : routers()) {
            process.destroyForcibly();
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void theCanaryGetsExactlyItsShareOfLiveRequests() throws Exception {
        apply(router, mutation("s1", 1), Map.of(OLD, to(9_000, old), NEW, to(1_000, fresh)));

        for (int i = 0; i < 500; i++) {
            assertThat(get(router).statusCode()).isEqualTo(200);
        }

        assertThat(fresh.hits).hasValue(50);
        assertThat(old.hits).hasValue(450);
    }

    @Test
    void whatWasAppliedIsObserved() throws Exception {
        assertThat(observe(router).versions()).isEmpty();
        assertThat(observe(router).generation()).isEqualTo("0");

        Applied first = apply(
                router,
                new Mutation("plan", "s1", 1, Optional.of("0")),
                Map.of(OLD, to(10_000, old), NEW, new Weighted(0, new RouteTarget.Endpoints(List.of()))));

        ObservedRoute route = observe(router);
        assertThat(first).isEqualTo(new Applied(route.generation(), true));
        assertThat(route.versions()).containsOnlyKeys(OLD, NEW);
        assertThat(route.versions().get(OLD).wanted()).isEqualTo(10_000);
        assertThat(route.versions().get(OLD).inForce()).hasValue(10_000);
        assertThat(route.versions().get(OLD).target()).contains(new RouteTarget.Endpoints(List.of(old.endpoint())));
        assertThat(route.versions().get(OLD).inFlight()).hasValue(0);
        assertThat(route.address()).isPresent();
    }

    @Test
    void replicasAreToldAsTheyWereGivenAlsoByTheirIpv6Address() {
        Endpoint endpoint = new Endpoint("::1", 65_000);
        apply(
                router,
                mutation("s1", 1),
                Map.of(OLD, new Weighted(10_000, new RouteTarget.Endpoints(List.of(endpoint, old.endpoint())))));

        ObservedRoute.Share share = observe(router).versions().get(OLD);
        assertThat(share.target()).contains(new RouteTarget.Endpoints(List.of(endpoint, old.endpoint())));
        assertThat(share.inFlightByEndpoint())
                .containsOnlyKeys(endpoint.toString(), old.endpoint().toString());
    }

    @Test
    void theNextOperatorAdoptsTheRouterThatWentOnServing() throws Exception {
        apply(router, mutation("s1", 1), Map.of(OLD, to(7_500, old), NEW, to(2_500, fresh)));
        URI address = address(router);
        long pid = pid();

        router.close();
        assertThat(get(address).statusCode()).isEqualTo(200);
        router = house.router(Map.of());

        assertThat(observe(router).versions().get(NEW).inForce()).hasValue(2_500);
        assertThat(address(router)).isEqualTo(address);
        assertThat(pid()).isEqualTo(pid);
        apply(router, mutation("s2", 2), Map.of(NEW, to(10_000, fresh)));
        assertThat(get(router).body()).isEqualTo("fresh");
    }

    @Test
    void theRouterServesOnWhenItsOperatorIsKilled() throws Exception {
        Process operator = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OperatorProgram.class.getName(),
                        temp.toString(),
                        Integer.toString(old.endpoint().port()))
                .redirectErrorStream(true)
                .start();
        started.add(operator);
        assertThat(operator.inputReader().lines().filter("routed"::equals).findFirst())
                .isPresent();
        FoundRouter found = new RouterHome(temp.resolve("shop")).lastRouter().orElseThrow();
        URI address = URI.create("http://127.0.0.1:" + found.trafficPort() + "/");
        assertThat(get(address).statusCode()).isEqualTo(200);

        operator.destroyForcibly().waitFor();

        for (int i = 0; i < 300; i++) {
            assertThat(get(address).statusCode()).isEqualTo(200);
        }
        assertThat(found.process().lives()).isTrue();
        router.close();
        router = house.router(Map.of());
        assertThat(observe(router).versions().get(OLD).inForce()).hasValue(10_000);
        assertThat(pid()).isEqualTo(found.process().pid());
        assertThatThrownBy(() -> apply(router, mutation("s9", 2), Map.of(OLD, to(10_000, old))))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void aRouterThatWasKilledIsBackWithItsPortAndTableBeforeAnybodyAsks() throws Exception {
        apply(router, mutation("s1", 4), Map.of(OLD, to(9_000, old), NEW, to(1_000, fresh)));
        URI address = address(router);
        FoundRouter first = new RouterHome(temp.resolve("shop")).lastRouter().orElseThrow();

        kill(first);

        await().atMost(PATIENCE).ignoreExceptions().until(() -> get(address).statusCode() == 200);
        fresh.hits.set(0);
        old.hits.set(0);
        for (int i = 0; i < 200; i++) {
            assertThat(get(address).statusCode()).isEqualTo(200);
        }
        assertThat(fresh.hits).hasValue(20);
        assertThat(pid()).isNotEqualTo(first.process().pid());
        assertThatThrownBy(() -> apply(router, mutation("s2", 3), Map.of(OLD, to(10_000, old))))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("route table of shop has seen epoch 4 and refuses epoch 3");
    }

    @Test
    void aTableThatWasNotSeenIsAConflictAndTheSameRequestAgainIsNot() throws Exception {
        Mutation first = new Mutation("plan", "s1", 1, Optional.of("0"));
        Applied applied = apply(router, first, Map.of(OLD, to(10_000, old)));
        Applied again = apply(router, first, Map.of(OLD, to(10_000, old)));

        assertThat(again).isEqualTo(applied);
        ConflictException conflict = catchThrowableOfType(
                ConflictException.class,
                () -> apply(router, new Mutation("plan", "s2", 1, Optional.of("0")), Map.of(NEW, to(10_000, fresh))));
        assertThat(conflict.observed()).isEqualTo(applied.generation());
        assertThat(conflict.expected()).isEqualTo("0");
        assertThatThrownBy(() -> apply(
                        router,
                        new Mutation("plan", "s2", 1, Optional.of("of another router")),
                        Map.of(NEW, to(10_000, fresh))))
                .isInstanceOf(ConflictException.class);
        assertThat(get(router).body()).isEqualTo("old");
    }

    @Test
    void tablesThatNoRouterCouldServeAreRefusedForGood() {
        refused("sum to 9000; expected 10000", Map.of(OLD, to(9_000, old)));
        refused("takes ENDPOINTS only", Map.of(OLD, new Weighted(10_000, new RouteTarget.ServiceTarget("s", 1))));
        refused(
                "version 1.0: weight is 10000 but there is no endpoint",
                Map.of(OLD, new Weighted(10_000, new RouteTarget.Endpoints(List.of()))));
    }

    private void refused(String why, Map<Version, Weighted> table) {
        PluginException refusal =
                catchThrowableOfType(PluginException.class, () -> apply(router, mutation("s1", 1), table));
        assertThat(refusal).hasMessageContaining(why);
        assertThat(refusal.retryable()).isFalse();
    }

    @Test
    void requestsInFlightAreToldByReplicaAlsoAfterTheirVersionLeftTheTable() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        try (TestReplica slow = new TestReplica("slow", 200, exchange -> {
            inside.countDown();
            release.await();
        })) {
            apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, slow)));
            URI address = address(router);
            List<CompletableFuture<HttpResponse<String>>> answers = List.of(getAsync(address), getAsync(address));
            inside.await();
            apply(router, mutation("s2", 1), Map.of(NEW, to(10_000, fresh)));

            ObservedRoute.Share leaving = observe(router).versions().get(OLD);
            assertThat(leaving.wanted()).isZero();
            assertThat(leaving.target()).isEmpty();
            assertThat(leaving.inFlight()).hasValue(2);
            assertThat(leaving.inFlightByEndpoint())
                    .containsEntry(slow.endpoint().toString(), 2L);
            assertThat(samples("requests.in_flight", Set.of())).anySatisfy(sample -> {
                assertThat(sample.labels()).containsEntry("version", "1.0").containsEntry("application", "shop");
                assertThat(sample.value()).isEqualTo(new SampleValue.Scalar(2));
            });
            assertThat(samples("requests.in_flight", Set.of()))
                    .anySatisfy(sample -> assertThat(sample.labels())
                            .containsEntry("replica", slow.endpoint().toString()));

            release.countDown();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
            await().atMost(PATIENCE).until(() -> !observe(router).versions().containsKey(OLD));
        }
    }

    @Test
    void replacingEveryReplicaUnderLoadLosesNoRequest() throws Exception {
        apply(router, mutation("s0", 1), Map.of(OLD, to(10_000, old)));
        URI address = address(router);
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int c = 0; c < 8; c++) {
            clients.add(CompletableFuture.runAsync(
                    () -> {
                        while (over.getCount() > 0) {
                            try {
                                (get(address).statusCode() == 200 ? served : failed).incrementAndGet();
                            } catch (IOException | InterruptedException e) {
                                failed.incrementAndGet();
                            }
                        }
                    },
                    house.executor()));
        }

        TestReplica before = old;
        for (int round = 1; round <= 15; round++) {
            TestReplica next = TestReplica.named("replica " + round);
            int soFar = served.get();
            apply(router, mutation("up" + round, 1), Map.of(OLD, to(10_000, before, next)));
            await().atMost(PATIENCE).until(() -> served.get() > soFar + 50);
            apply(router, mutation("down" + round, 1), Map.of(OLD, to(10_000, next)));
            String leaving = before.endpoint().toString();
            await().atMost(PATIENCE)
                    .until(() -> observe(router)
                                    .versions()
                                    .get(OLD)
                                    .inFlightByEndpoint()
                                    .getOrDefault(leaving, 0L)
                            == 0);
            before.close();
            before = next;
        }
        over.countDown();
        for (CompletableFuture<Void> client : clients) {
            client.get(30, TimeUnit.SECONDS);
        }
        before.close();

        assertThat(failed).hasValue(0);
        assertThat(served.get()).isGreaterThan(15 * 50);
    }

    @Test
    void latencyRequestsAndErrorsAreThoseThatWereCaused() throws Exception {
        AtomicInteger n = new AtomicInteger();
        try (TestReplica mixed = new TestReplica(
                        "mixed",
                        200,
                        exchange -> LockSupport.parkNanos(n.incrementAndGet() % 10 == 0 ? 150_000_000L : 30_000_000L));
                TestReplica broken = new TestReplica("broken", 500, exchange -> {})) {
            apply(router, mutation("s1", 1), Map.of(OLD, to(8_000, mixed), NEW, to(2_000, broken)));
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                long start = System.nanoTime();
                boolean slow = get(address(router)).body().equals("mixed");
                if (slow) {
                    seconds.add((System.nanoTime() - start) / 1e9);
                }
            }
            seconds.sort(null);
            await().atMost(PATIENCE).until(() -> total("requests", OLD) + total("requests", NEW) == 50);

            Sample latency = samples("latency", Set.of()).stream()
                    .filter(sample -> sample.labels().get("version").equals("1.0"))
                    .findFirst()
                    .orElseThrow();
            Distribution seen = ((SampleValue.Distributed) latency.value()).distribution();
            assertThat(((SampleValue.Distributed) latency.value()).startId()).isPresent();
            assertThat(seen.count()).isEqualTo(40);
            // no more than the client saw, plus a bucket's width and what a busy machine does after the last byte
            assertThat(seen.quantile(0.95)).isBetween(0.149, seconds.get(37) * 1.02 + 0.050);
            assertThat(seen.quantile(0.50)).isBetween(0.0295, seconds.get(19) * 1.02 + 0.050);
            assertThat(seen.sum()).isGreaterThan(36 * 0.030 + 4 * 0.150);
            assertThat(total("requests", OLD)).isEqualTo(40);
            assertThat(total("error", OLD)).isZero();
            assertThat(total("error", NEW)).isEqualTo(10);
            assertThat(samples("requests", Set.of("outcome")))
                    .anySatisfy(sample -> assertThat(sample.labels()).containsEntry("outcome", "5xx"));
        }
    }

    @Test
    void metricsAnswerOnlyWhatTheyHave() {
        MetricSource metrics = router.metrics().orElseThrow();
        MetricQuery latency = MetricQuery.parse("latency", Duration.ofMinutes(1));

        assertThat(metrics.query(latency, house.within(5))).isInstanceOf(MetricResult.NoData.class);
        apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, old)));
        assertThat(metrics.query(latency.in(Scope.of(SHOP, OLD)), house.within(5)))
                .isInstanceOf(MetricResult.Samples.class);
        assertThat(metrics.query(latency.in(Scope.of(SHOP, NEW)), house.within(5)))
                .isInstanceOf(MetricResult.NoData.class);
        assertThat(metrics.query(latency.in(Scope.of(new ApplicationId("other"))), house.within(5)))
                .isInstanceOf(MetricResult.NoData.class);
        assertThatThrownBy(() -> metrics.check(MetricQuery.parse("colour", Duration.ofMinutes(1))))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("no metric 'colour'; it has error, latency, requests");
    }

    @Test
    void twoOperatorsThatStartARouterAtTheSameTimeEndUpWithOne() throws Exception {
        TrafficRouter other = house.router(Map.of());
        try {
            List<CompletableFuture<Applied>> both = List.of(
                    CompletableFuture.supplyAsync(
                            () -> apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, old))), house.executor()),
                    CompletableFuture.supplyAsync(
                            () -> apply(other, mutation("s2", 1), Map.of(OLD, to(10_000, old))), house.executor()));
            for (CompletableFuture<Applied> one : both) {
                assertThat(one.get(30, TimeUnit.SECONDS).generation()).isEqualTo("1");
            }

            assertThat(address(other)).isEqualTo(address(router));
            assertThat(get(router).body()).isEqualTo("old");
            await().atMost(PATIENCE).until(() -> routers().size() == 1);
            assertThat(routers().get(0).pid()).isEqualTo(pid());
        } finally {
            other.close();
        }
    }

    @Test
    void aPortInUseIsToldWithTheRoutersOwnWords() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            router.close();
            router = house.router(Map.of("port", Integer.toString(taken.getLocalPort())));

            assertThatThrownBy(() -> apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, old))))
                    .isInstanceOf(PluginException.class)
                    .hasMessageContaining("router of shop ended at once with exit code 1")
                    .hasMessageContaining("--traffic-port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
        }
    }

    @Test
    void twoApplicationsHaveARouterEachAndNeverTheSamePort() throws Exception {
        int port = freePort();
        router.close();
        router = house.router(Map.of("port", Integer.toString(port)));
        apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, old)));
        assertThat(address(router)).isEqualTo(URI.create("http://127.0.0.1:" + port));

        assertThatThrownBy(() -> router.apply(
                        new ApplicationId("cart"), Map.of(OLD, to(10_000, fresh)), mutation("s1", 1), house.within(30)))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("router.applications.cart.port");
        assertThat(get(router).body()).isEqualTo("old");
    }

    @Test
    void askedNotToKeepThemRunningItStopsItsRoutersWhenItIsClosed() throws Exception {
        router.close();
        router = house.router(Map.of("keep_running", "false"));
        apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, old)));
        FoundRouter found = new RouterHome(temp.resolve("shop")).lastRouter().orElseThrow();

        router.close();

        assertThat(found.process().lives()).isFalse();
    }

    @Test
    void aForeignProcessThatGotTheDeadRoutersPidIsNeitherAdoptedNorTouched() throws Exception {
        router.close();
        Process foreign = new ProcessBuilder("sleep", "600").start();
        started.add(foreign);
        ProcessIdentity identity = ProcessIdentity.of(foreign.pid()).orElseThrow();
        RouterHome home = new RouterHome(temp.resolve("shop"));
        home.prepare();
        Files.writeString(
                temp.resolve("shop/router.json"),
                "{\"protocol\":1,\"bootId\":\"" + identity.bootId() + "\",\"startId\":\"a\",\"pid\":" + foreign.pid()
                        + ",\"startTicks\":" + (identity.startTicks() - 5) + ",\"trafficPort\":" + freePort()
                        + ",\"adminPort\":1}");

        router = house.router(Map.of("keep_running", "false"));
        apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, old)));
        assertThat(pid()).isNotEqualTo(foreign.pid());
        router.close();

        assertThat(foreign.isAlive()).isTrue();
    }

    @Test
    void aJarThatWasTamperedWithIsReplacedBeforeItRuns() throws Exception {
        Path jar = RouterJar.in(temp);
        byte[] right = Files.readAllBytes(jar);
        Files.writeString(jar, "tampered");

        assertThat(RouterJar.in(temp)).isEqualTo(jar);
        assertThat(Files.readAllBytes(jar)).isEqualTo(right);
        apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, old)));
        assertThat(get(router).body()).isEqualTo("old");
    }

    @Test
    void theTokenIsTheOwnersAloneAndOnNoCommandLine() throws Exception {
        apply(router, mutation("s1", 1), Map.of(OLD, to(10_000, old)));

        Path token = temp.resolve("shop/token");
        assertThat(Files.getPosixFilePermissions(token).toString())
                .doesNotContain("GROUP")
                .doesNotContain("OTHERS");
        assertThat(Files.readString(Path.of("/proc/" + pid() + "/cmdline"))).doesNotContain(Files.readString(token));
    }

    @Test
    void theProviderIsFoundByItsName() {
        assertThat(ServiceLoader.load(TrafficRouterProvider.class).stream()
                        .map(provider -> provider.get().name()))
                .contains("embedded");
    }

    private Applied apply(TrafficRouter to, Mutation mutation, Map<Version, Weighted> table) {
        return to.apply(SHOP, table, mutation, house.within(30));
    }

    private ObservedRoute observe(TrafficRouter of) {
        return of.observe(SHOP, house.within(30));
    }

    private URI address(TrafficRouter of) {
        return observe(of).address().orElseThrow();
    }

    private long pid() throws IOException {
        return new RouterHome(temp.resolve("shop"))
                .lastRouter()
                .orElseThrow()
                .process()
                .pid();
    }

    private static Mutation mutation(String step, long epoch) {
        return new Mutation("plan", step, epoch, Optional.empty());
    }

    private static Weighted to(int weight, TestReplica... replicas) {
        List<Endpoint> endpoints =
                Arrays.stream(replicas).map(TestReplica::endpoint).toList();
        return new Weighted(weight, new RouteTarget.Endpoints(endpoints));
    }

    private HttpResponse<String> get(TrafficRouter from) throws Exception {
        return get(address(from));
    }

    private static HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static CompletableFuture<HttpResponse<String>> getAsync(URI address) {
        return CLIENT.sendAsync(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<Sample> samples(String metric, Set<String> by) {
        MetricResult result = router.metrics()
                .orElseThrow()
                .query(MetricQuery.parse(metric, Duration.ofMinutes(1)).by(by), house.within(10));
        assertThat(result).isInstanceOf(MetricResult.Samples.class);
        return ((MetricResult.Samples) result).all();
    }

    private double total(String metric, Version version) {
        Map<String, Double> totals = new HashMap<>();
        samples(metric, Set.of())
                .forEach(sample ->
                        totals.put(sample.labels().get("version"), ((SampleValue.Cumulative) sample.value()).value()));
        return totals.getOrDefault(version.value(), 0.0);
    }

    private static void kill(FoundRouter router) {
        if (router.process().lives()) {
            ProcessHandle.of(router.process().pid()).ifPresent(ProcessHandle::destroyForcibly);
            await().atMost(PATIENCE).until(() -> !router.process().lives());
        }
    }

    private List<ProcessHandle> routers() {
        return ProcessHandle.allProcesses()
                .filter(process -> Arrays.stream(process.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.startsWith(temp.toString())))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
