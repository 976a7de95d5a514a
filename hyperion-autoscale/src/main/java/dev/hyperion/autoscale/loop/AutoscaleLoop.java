// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.config.Policies;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.ScalingPolicies;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Decides for each application at its policy's interval, and applies while leadership is held.
 *
 * <p>Thread-safety: thread-safe.
 */
final class AutoscaleLoop implements AutoScalerEngine {
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(1);
    /** A turn may be late by a quarter of its interval, no more, when everything is well. */
    static final int BEATS_PER_INTERVAL = 4;

    private final Policies policies;
    private final EngineContext context;
    private final TickJournal ticks;
    private final Rounds rounds;
    private final Map<ApplicationId, ApplicationScaler> scalers = new ConcurrentHashMap<>();
    private final Map<ApplicationId, Told> lastTold = new ConcurrentHashMap<>();
    private final Set<ApplicationId> missing = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final List<TaskScheduler.Task> tasks = new CopyOnWriteArrayList<>();
    private final Map<ApplicationId, Duration> named = new HashMap<>();
    private Optional<List<ApplicationId>> settled = Optional.empty(); // by the one scheduled task alone

    /** What was told of an application last, and where decisions of that word are counted. */
    private record Told(String word, List<ReasonCode> reasons, Counter count) {}

    AutoscaleLoop(Policies policies, EngineContext context) {
        this.policies = policies;
        this.context = context;
        this.ticks = new TickJournal(context);
        this.rounds = new Rounds(context.clock(), context.executor(), new Turns());
        policies.named().forEach((application, policy) -> named.put(application, policy.interval()));
    }

    @Override
    public Optional<AutoScaler> of(ApplicationId application) {
        return scaler(application).map(AutoScaler.class::cast);
    }

    private Optional<ApplicationScaler> scaler(ApplicationId application) {
        return policies.of(application)
                .map(EffectivePolicy::policy)
                .map(policy -> scalers.computeIfAbsent(
                        application,
                        each -> new ApplicationScaler(
                                each,
                                policies.named().containsKey(each),
                                policy,
                                policies.stages(each),
                                ticks,
                                context)));
    }

    @Override
    public ScalingPolicies policies() {
        return policies;
    }

    @Override
    public void start() {
        Stream.concat(policies.named().values().stream(), policies.common().stream())
                .map(ScalingPolicy::interval)
                .min(Duration::compareTo)
                .map(shortest -> shortest.dividedBy(BEATS_PER_INTERVAL))
                .map(beat -> beat.compareTo(LONGEST_BEAT) < 0 ? beat : LONGEST_BEAT)
                .ifPresent(beat -> tasks.add(context.scheduler().every("autoscaling", beat, beat, this::beat)));
    }

    private void beat() {
        if (!context.leadership().held()) {
            rounds.clear();
            settled = Optional.empty();
        } else if (ticks.isRead()) {
            settle();
            rounds.beat();
        } else if (reading.compareAndSet(false, true)) {
            read();
        }
    }

    /** What was decided before may be much to read: not on the scheduler's thread. */
    private void read() {
        try {
            context.executor().execute(() -> {
                try {
                    ticks.read();
                } catch (HyperionException e) {
                    log(LogLevel.WARN, "autoscaling waits for its journal: " + e.getMessage(), Map.of());
                } finally {
                    reading.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            reading.set(false); // everybody is busy; the next beat tries again
        }
    }

    /** At most beats nobody has come or gone. */
    private void settle() {
        List<ApplicationId> deployed =
                context.deployments().map(DeploymentManager::applications).orElse(List.of());
        if (settled.filter(deployed::equals).isPresent()) {
            return;
        }
        Map<ApplicationId, Duration> intervals = new HashMap<>(named);
        policies.common()
                .ifPresent(policy ->
                        deployed.forEach(application -> intervals.putIfAbsent(application, policy.interval())));
        rounds.settle(intervals, ticks::newestAt);
        settled = Optional.of(List.copyOf(deployed));
    }

    private final class Turns implements Rounds.Turns {
        @Override
        public void take(List<Rounds.Turn> batch) {
            List<TickJournal.Tick> nothingDone = new ArrayList<>(batch.size());
            Timer lateness = MetricCatalogue.AUTOSCALE_LATENESS.timer(
                    context.monitoring().meters());
            for (Rounds.Turn turn : batch) {
                lateness.record(turn.begin(), TimeUnit.NANOSECONDS);
                decide(turn.application()).ifPresent(nothingDone::add);
                turn.end();
            }
            try {
                ticks.append(nothingDone);
            } catch (HyperionException e) {
                log(
                        LogLevel.WARN,
                        nothingDone.size() + " decisions that changed nothing were not journaled: " + e.getMessage(),
                        Map.of());
            }
        }

        /** Counted each time, and told when it begins: a log that repeats itself hides what matters. */
        @Override
        public void missed(ApplicationId application, long turns, String because) {
            MetricCatalogue.AUTOSCALE_MISSED
                    .counter(context.monitoring().meters(), application.value())
                    .increment(turns);
            if (missing.add(application)) {
                log(
                        LogLevel.WARN,
                        "autoscaling of " + application + " missed " + turns + " of its turns: " + because,
                        Map.of("application", application.value()));
            }
        }
    }

    private Optional<TickJournal.Tick> decide(ApplicationId application) {
        Optional<DeploymentManager> manager = context.deployments();
        Optional<ApplicationScaler> scaler = scaler(application);
        if (manager.isEmpty() || scaler.isEmpty() || !context.leadership().held()) {
            return Optional.empty();
        }
        try {
            ApplicationScaler.Acted acted = scaler.get().act(manager.get());
            tell(application, acted.decision());
            return acted.tick();
        } catch (HyperionException e) {
            counter(application, "failed").increment();
            log(
                    LogLevel.WARN,
                    "scaling of " + application + " was not carried out: " + e.getMessage(),
                    Map.of("application", application.value()));
            return Optional.empty();
        }
    }

    private Counter counter(ApplicationId application, String decision) {
        return MetricCatalogue.AUTOSCALE_DECISIONS.counter(
                context.monitoring().meters(), application.value(), decision);
    }

    /** Counts each time; tells of actions each time, of anything else when its reason changes. */
    private void tell(ApplicationId application, ScaleDecision decision) {
        missing.remove(application);
        String word = decision.word();
        List<ReasonCode> reasons = decision.basis().reasons();
        Told last = lastTold.get(application);
        boolean again =
                last != null && last.word().equals(word) && last.reasons().equals(reasons);
        Told now = last != null && again ? last : new Told(word, reasons, counter(application, word));
        now.count().increment();
        boolean action = !(decision instanceof ScaleDecision.NoOp);
        if (!again) {
            lastTold.put(application, now);
        }
        if (action || !again) {
            log(
                    action ? LogLevel.INFO : LogLevel.DEBUG,
                    decision.word() + " of " + application + ": "
                            + decision.basis().rationale(),
                    Map.of("application", application.value()));
        }
    }

    private void log(LogLevel level, String message, Map<String, String> labels) {
        MonitoringCenter monitoring = context.monitoring();
        monitoring.log(new LogEntry(context.clock().now(), level, "dev.hyperion.autoscale", message, labels));
    }

    @Override
    public void close() {
        tasks.forEach(TaskScheduler.Task::cancel);
        tasks.clear();
        rounds.clear();
    }
}
