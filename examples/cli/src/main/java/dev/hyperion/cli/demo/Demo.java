// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.demo;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.cli.operator.Discovery;
import dev.hyperion.cli.operator.Operator;
import dev.hyperion.deploy.AnalysisSpec;
import dev.hyperion.deploy.ApplyOptions;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.CanarySpec;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.HealthSpec;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of the demo. It acts through the same operator as {@code serve} and the same interface as an application that embeds
 * Hyperion; whether it went well is read off the client's log and the operating system's table of processes.
 */
final class Demo {
    private static final ApplicationId SERVICE = new ApplicationId("embedded-service");
    private static final Version FIRST = new Version("1.3.5");
    private static final Version GOOD = new Version("1.4.0");
    private static final Version BAD = new Version("1.5.0");
    private static final int REPLICAS = 4;
    private static final int GOOD_MILLIS = 40;
    private static final int USUAL_CLIENTS = 14;
    private static final int MANY_CLIENTS = 40;
    private static final int FEW_CLIENTS = 6;
    private static final double LIMIT_MILLIS = 250;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Path config;
    private final Path artifact;
    private final Path dataFolder;
    private final int badMillis;
    private final PrintWriter out;
    private final boolean terminal;
    private final String mark = UUID.randomUUID().toString();
    private final ReplicaCensus census = new ReplicaCensus(mark);
    private final ClientLog log = new ClientLog();
    private final Facts facts = new Facts();
    private final long began = System.nanoTime();
    private @Nullable Operator operator;
    private boolean tidy;

    Demo(Path config, Path artifact, Path dataFolder, int badMillis, PrintWriter out, boolean terminal) {
        this.config = config;
        this.artifact = artifact;
        this.dataFolder = dataFolder;
        this.badMillis = badMillis;
        this.out = out;
        this.terminal = terminal;
    }

    /** True if everything was seen that was to be seen. */
    boolean run() throws Exception {
        out.println("Configuration (" + config + "):");
        Files.readAllLines(config).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> out.println("  " + line));
        Operator running = Operator.start(Optional.of(config), dataFolder, OptionalInt.empty(), Discovery.usual());
        operator = running;
        DeploymentManager manager = running.hyperion().deployments().orElseThrow();
        tell("operator on " + running.hyperion().address().orElseThrow() + ", deploying " + FIRST);
        first(manager);
        URI address = manager.status(SERVICE).address().orElseThrow();
        try (LoadClient load = new LoadClient(address, log)) {
            load.clients(USUAL_CLIENTS);
            tell(USUAL_CLIENTS + " clients send requests to " + address + " without a pause");
            scale(manager, load);
            good(manager);
            bad(manager);
        }
        traffic();
        summary().forEach(out::println);
        out.flush();
        return facts.allHold();
    }

    /** What was seen, and the verdict. */
    List<String> summary() {
        List<String> lines = new ArrayList<>(List.of("", "What the client and the operating system saw:"));
        lines.addAll(facts.lines());
        lines.add(String.format(Locale.ROOT, "  took %.0f s", (System.nanoTime() - began) / 1e9));
        lines.add(facts.allHold() ? "The demo succeeded." : "The demo FAILED.");
        return lines;
    }

    private void tell(String what) {
        out.printf(
                Locale.ROOT,
                "%s[%5.1f s] %s%n",
                terminal ? "\r\u001b[2K" : "",
                (System.nanoTime() - began) / 1e9,
                what);
        out.flush();
    }

    /** On a terminal only: what is going on right now. */
    private void live(String what) {
        if (terminal) {
            out.printf(Locale.ROOT, "\r\u001b[2K[%5.1f s] %s", (System.nanoTime() - began) / 1e9, what);
            out.flush();
        }
    }

    private DeploymentSpec.Builder spec(Version version, int workMillis) {
        return DeploymentSpec.of(
                        SERVICE,
                        version,
                        new ArtifactRef(artifact.toAbsolutePath().toString(), Optional.empty()))
                .environment("demo")
                .maxParallel(2)
                .env(Map.of("WORK_MILLIS", Integer.toString(workMillis), ReplicaCensus.MARK, mark))
                .health(new HealthSpec(
                        "/api/health",
                        Duration.ZERO,
                        Duration.ofMillis(250),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5)));
    }

    private static CanarySpec tenPercent() {
        return new CanarySpec(
                List.of(10.0),
                Duration.ofSeconds(6),
                new AnalysisSpec(
                        List.of(),
                        List.of("slow-version"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        30,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(20)));
    }

    private static Rollout apply(DeploymentManager manager, DeploymentSpec spec, String notes) {
        return manager.apply(manager.plan(spec), ApplyOptions.by("demo", notes));
    }

    private void first(DeploymentManager manager) throws Exception {
        Rollout rollout = apply(
                manager, spec(FIRST, GOOD_MILLIS).desiredReplicas(REPLICAS).build(), "the first version");
        follow(rollout);
        Map<String, Integer> processes = census.count();
        facts.add(
                FIRST + " runs as " + REPLICAS + " OS processes",
                processes.toString(),
                processes.equals(Map.of(FIRST.value(), REPLICAS)));
    }

    /** Waits for the end of a rollout and tells its steps. */
    private void follow(Rollout rollout) throws InterruptedException {
        String told = "";
        while (!rollout.state().isOver()) {
            String step = rollout.progress().step().map(PlanStep::describe).orElse("");
            if (!step.isEmpty() && !step.equals(told)) {
                tell("  " + step);
                told = step;
            }
            live("  " + rollout.progress().waitingFor());
            // this program is a client like any other: it looks ten times a second, in real time
            Thread.sleep(100);
        }
        tell("  rollout " + rollout.id() + ": " + rollout.state().word().replace('_', ' '));
    }

    private boolean await(Duration most, String what, BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                tell("  waited " + most.toSeconds() + " s in vain for: " + what + underWay());
                return false;
            }
            live("  waiting for: " + what);
            // this program is a client like any other: it looks ten times a second, in real time
            Thread.sleep(100);
        }
        return true;
    }

    /** What a rollout that is open waits for. */
    private String underWay() {
        Operator running = operator;
        return running == null
                ? ""
                : running.hyperion()
                        .deployments()
                        .flatMap(manager -> manager.open(SERVICE))
                        .map(rollout -> "; rollout " + rollout.id() + " is at step "
                                + rollout.progress().stepNumber() + ", "
                                + rollout.progress().waitingFor())
                        .orElse("");
    }

    private int processes() {
        try {
            return census.count().values().stream().mapToInt(Integer::intValue).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void scale(DeploymentManager manager, LoadClient load) throws Exception {
        // real load has to fill real windows before there is anything to scale for
        Thread.sleep(4_000);
        tell("the load rises to " + MANY_CLIENTS + " clients");
        load.clients(MANY_CLIENTS);
        boolean up = await(LONGEST_WAIT, "more replicas", () -> processes() > REPLICAS && settled(manager));
        int most = processes();
        facts.add("more load brought more replicas", REPLICAS + " -> " + most + " processes", up && most > REPLICAS);
        tell("  " + most + " replicas; " + decisions());
        tell("the load falls to " + FEW_CLIENTS + " clients");
        load.clients(FEW_CLIENTS);
        boolean down = up && await(LONGEST_WAIT, "fewer replicas", () -> processes() == REPLICAS && settled(manager));
        facts.add("less load brought fewer", most + " -> " + processes() + " processes", down);
        tell("  " + processes() + " replicas; " + decisions());
        load.clients(USUAL_CLIENTS);
    }

    private static boolean settled(DeploymentManager manager) {
        return manager.open(SERVICE).isEmpty();
    }

    private String decisions() {
        Operator running = operator;
        return running == null
                ? ""
                : running
                        .hyperion()
                        .autoScaler(SERVICE.value())
                        .map(scaler -> scaler.history())
                        .orElse(List.of())
                        .stream()
                        .map(ScaleRecord::decision)
                        .reduce((first, second) -> second)
                        .map(decision -> decision.word() + ", because "
                                + decision.basis().rationale())
                        .orElse("no decision was applied");
    }

    private void good(DeploymentManager manager) throws Exception {
        tell("applying " + GOOD + " with a canary at 10 %");
        Rollout rollout =
                apply(manager, spec(GOOD, GOOD_MILLIS).canary(tenPercent()).build(), "a good version");
        List<ClientLog.Entry> canary = duringCanary(rollout);
        follow(rollout);
        long answered = canary.stream()
                .filter(entry -> entry.version().equals(GOOD.value()))
                .count();
        double share = canary.isEmpty() ? 0 : 100.0 * answered / canary.size();
        facts.add(
                "the canary got 10 % of the requests",
                String.format(Locale.ROOT, "%d of %d, %.2f %%", answered, canary.size(), share),
                canary.size() >= 200 && Math.abs(share - 10) <= 0.5);
        Map<String, Integer> processes = census.count();
        facts.add(
                GOOD + " passed and took over",
                rollout.state().word() + ", " + processes,
                rollout.state() == RolloutState.SUCCEEDED && processes.equals(Map.of(GOOD.value(), REPLICAS)));
    }

    /** What the client sent while the first watch of a rollout was under way: the shares are in force from start to end. */
    private List<ClientLog.Entry> duringCanary(Rollout rollout) throws InterruptedException {
        boolean watching = await(
                LONGEST_WAIT,
                "the canary",
                () -> isWatching(rollout) || rollout.state().isOver());
        long from = System.nanoTime();
        if (!watching || rollout.state().isOver()) {
            return List.of();
        }
        tell("  10 % of the requests go to the new version; it is watched");
        await(
                Duration.ofSeconds(4),
                "requests",
                () -> log.between(from, System.nanoTime()).size() >= 1_000);
        return isWatching(rollout) ? log.between(from, System.nanoTime()) : List.of();
    }

    private static boolean isWatching(Rollout rollout) {
        return rollout.progress().step().filter(PlanStep.Bake.class::isInstance).isPresent();
    }

    private void bad(DeploymentManager manager) throws Exception {
        tell("applying " + BAD + ", whose answers take " + badMillis + " ms, with a canary at 10 %");
        long from = System.nanoTime();
        Rollout rollout =
                apply(manager, spec(BAD, badMillis).canary(tenPercent()).build(), "a bad version");
        boolean fired = await(
                LONGEST_WAIT, "the alert", () -> isFiring() || rollout.state().isOver());
        Optional<AlertStatus> alert = alerts().stream().findFirst();
        if (fired && alert.isPresent()) {
            tell("  alert " + alert.get().rule().name() + " fires for "
                    + alert.get().labels() + " after " + alert.get().currentHits() + " hits");
        }
        follow(rollout);
        List<ClientLog.Entry> slow = log.where(
                entry -> entry.sentNanos() - from >= 0 && entry.version().equals(BAD.value()));
        double p95 = ClientLog.percentileMillis(slow, 0.95);
        facts.add(
                BAD + " was slow where clients see it",
                String.format(Locale.ROOT, "p95 %.0f ms over %d requests", p95, slow.size()),
                slow.size() >= 10 && p95 > LIMIT_MILLIS);
        facts.add(
                "the alert fired after 3 hits",
                alert.map(status -> status.currentHits() + " hits, "
                                + status.state().name().toLowerCase(Locale.ROOT))
                        .orElse("it did not fire"),
                alert.filter(status -> status.currentHits() >= 3).isPresent());
        // real requests are counted over a stretch of real time
        Thread.sleep(1_500);
        long after = System.nanoTime();
        // real requests are counted over a stretch of real time
        Thread.sleep(1_500);
        Map<String, Long> versions = log.between(after, System.nanoTime()).stream()
                .collect(Collectors.groupingBy(ClientLog.Entry::version, Collectors.counting()));
        Map<String, Integer> processes = census.count();
        DeploymentStatus status = manager.status(SERVICE);
        facts.add(
                "the rollout returned to " + GOOD + " by itself",
                rollout.state().word() + ", answers from " + versions + ", processes " + processes,
                rollout.state() == RolloutState.ROLLED_BACK
                        && versions.keySet().equals(Set.of(GOOD.value()))
                        && processes.equals(Map.of(GOOD.value(), REPLICAS))
                        && status.stable().equals(Optional.of(GOOD)));
    }

    private List<AlertStatus> alerts() {
        Operator running = operator;
        return running == null
                ? List.of()
                : running.hyperion().monitoring().alerts().stream()
                        .filter(status -> status.state() == AlertState.FIRING)
                        .filter(status -> BAD.value().equals(status.labels().get("version")))
                        .toList();
    }

    private boolean isFiring() {
        return !alerts().isEmpty();
    }

    private void traffic() {
        List<ClientLog.Entry> all = log.all();
        List<ClientLog.Entry> failed =
                all.stream().filter(ClientLog.Entry::failed).toList();
        facts.add(
                "no request failed, none was retried",
                failed.size() + " of " + all.size() + " failed"
                        + failed.stream()
                                .findFirst()
                                .map(entry -> ", first: status " + entry.status() + " " + entry.failure())
                                .orElse(""),
                !all.isEmpty() && failed.isEmpty());
    }

    /** Ends everything that the demo has started; a second call does nothing. */
    synchronized void tidyUp() {
        if (tidy) {
            return;
        }
        tidy = true;
        try {
            Operator running = operator;
            if (running != null) {
                running.close();
            }
            census.end();
        } catch (IOException e) {
            out.println("warning: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        out.flush();
    }
}
