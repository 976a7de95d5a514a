// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.simulate;

import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.autoscale.SimulationSettings;
import dev.hyperion.autoscale.stage.StageSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Tries a policy on a trace: what would have been decided, tick by tick, by the same code that decides on real replicas.
 *
 * <p>The assumptions: the load is what clients ask for, whatever there is to carry it; ready replicas share it evenly; a
 * replica's utilization is its share in percent of its capacity, also above 100; a new replica carries nothing until it is
 * ready, and one that is removed carries nothing from then on; where the trace has a gap the metric is missing. The outcome
 * depends on nothing else: the same inputs give the same bytes.
 */
public final class Simulator {
    /** An action against the one before it within so long a time is a reversal. */
    private static final long REVERSAL_SECONDS = Duration.ofMinutes(15).toSeconds();

    /** A picture has no use for more. */
    private static final int MOMENTS = 600;

    /** Two years at 15 s, or eight weeks at one: some seconds of work for whoever waits. */
    private static final long MOST_DECISIONS = 5_000_000;

    private final SimulationSettings settings;
    private final LoadTrace trace;
    private final ScalingPolicy policy;
    private final StageSettings stages;

    // replicas that are asked for and not ready yet: when they will be, and how many
    private final Deque<long[]> starting = new ArrayDeque<>();
    private int wanted;
    private int ready;

    private Simulator(ScalingPolicy policy, StageSettings stages, LoadTrace trace, SimulationSettings settings) {
        this.policy = policy;
        this.stages = stages;
        this.trace = trace;
        this.settings = settings;
        this.wanted = settings.initialReplicas();
        this.ready = wanted;
    }

    /**
     * Runs the policy over the whole trace.
     *
     * @param policy the policy; decides at its own interval, but not more often than once a second
     * @param trace the load
     * @param settings what the trace does not tell
     * @return what would have happened
     */
    public static SimulationResult run(ScalingPolicy policy, LoadTrace trace, SimulationSettings settings) {
        return run(policy, StageSettings.NONE, trace, settings);
    }

    private static SimulationResult run(
            ScalingPolicy policy, StageSettings stages, LoadTrace trace, SimulationSettings settings) {
        return new Simulator(policy, stages, trace, settings).run();
    }

    /**
     * Runs the policy over a trace that is still text.
     *
     * @param policy the policy
     * @param stages what stands around it
     * @param request the load; what it leaves open is assumed, and said in the notes of the result
     * @return what would have happened
     * @throws dev.hyperion.HyperionException if the trace cannot be read; the message names the row
     */
    public static SimulationResult run(ScalingPolicy policy, StageSettings stages, SimulationRequest request) {
        LoadTrace trace = LoadTrace.parse(request.name(), request.trace());
        if (request.capacityPerReplica().isEmpty() && trace.peak() == 0) {
            throw new HyperionException(request.name() + " has no load but 0; say what one replica carries");
        }
        double capacity = request.capacityPerReplica().orElseGet(() -> trace.peak() / policy.maxReplicas());
        List<String> assumed = new ArrayList<>();
        if (request.capacityPerReplica().isEmpty()) {
            assumed.add(String.format(
                    Locale.ROOT,
                    "what one replica carries was not said; assumed are %.6g, so that max_replicas %d just carry the"
                            + " peak of %.6g",
                    capacity,
                    policy.maxReplicas(),
                    trace.peak()));
        }
        assumed.addAll(SimulatedPolicy.assumptions(policy));
        long decisions =
                trace.length().toSeconds() / Math.max(1, policy.interval().toSeconds());
        if (decisions > MOST_DECISIONS) {
            throw new HyperionException(request.name() + " is " + decisions + " decisions long at an interval of "
                    + policy.interval().toSeconds() + " s; expected at most " + MOST_DECISIONS
                    + ": try a part of it, or check its timestamps");
        }
        int replicas = request.initialReplicas().orElse(policy.minReplicas());
        return run(
                policy, stages, trace.noting(assumed), new SimulationSettings(capacity, request.startUp(), replicas));
    }

    private SimulationResult run() {
        SimulatedPolicy decider = SimulatedPolicy.of(policy, stages);
        LoadTrace.Cursor load = trace.cursor();
        long begin = trace.begin().getEpochSecond();
        long end = begin + trace.length().toSeconds();
        long step = Math.max(1, policy.interval().toSeconds());
        Course course = new Course(Math.max(step, (end - begin) / MOMENTS));
        Tally tally = new Tally();
        for (long now = begin; now < end; now += step) {
            becomeReady(now);
            double asked = load.at(now);
            double capacity = ready * settings.capacityPerReplica();
            double utilization = Double.isNaN(asked)
                    ? Double.NaN
                    : ready == 0
                            ? (asked > 0 ? Double.MAX_VALUE / 1e6 : 0)
                            : asked / capacity * SimulatedPolicy.PERCENT;
            int target = decider.decide(wanted, ready, utilization, asked, Instant.ofEpochSecond(now));
            long length = Math.min(step, end - now);
            tally.tick(now, length, asked > capacity, wanted, target);
            int turn = Integer.signum(target - wanted);
            change(target, now);
            course.add(now, asked, capacity, wanted, turn, asked > capacity ? length : 0);
        }
        return tally.result(trace, settings, course.moments());
    }

    private void becomeReady(long now) {
        while (!starting.isEmpty() && starting.peekFirst()[0] <= now) {
            ready += (int) starting.pollFirst()[1];
        }
    }

    /** Who is not ready yet goes first. */
    private void change(int target, long now) {
        if (target > wanted) {
            starting.addLast(new long[] {now + settings.startUp().toSeconds(), target - wanted});
        }
        int surplus = wanted - target;
        while (surplus > 0 && !starting.isEmpty()) {
            long[] last = starting.peekLast();
            long taken = Math.min(surplus, last[1]);
            last[1] -= taken;
            surplus -= (int) taken;
            if (last[1] == 0) {
                starting.pollLast();
            }
        }
        ready -= Math.max(0, surplus);
        wanted = target;
    }

    /** Counts. */
    private static final class Tally {
        private long ticks;
        private long overload;
        private long overloadRun;
        private long longestOverload;
        private double replicaSeconds;
        private int ups;
        private int downs;
        private int reversals;
        private int direction;
        private long changedAt;
        private int least = Integer.MAX_VALUE;
        private int most;

        void tick(long now, long length, boolean overloaded, int before, int after) {
            ticks++;
            overload += overloaded ? length : 0;
            overloadRun = overloaded ? overloadRun + length : 0;
            longestOverload = Math.max(longestOverload, overloadRun);
            replicaSeconds += (double) after * length;
            least = Math.min(least, after);
            most = Math.max(most, after);
            int turn = Integer.signum(after - before);
            if (turn != 0) {
                ups += turn > 0 ? 1 : 0;
                downs += turn < 0 ? 1 : 0;
                reversals += direction == -turn && now - changedAt <= REVERSAL_SECONDS ? 1 : 0;
                direction = turn;
                changedAt = now;
            }
        }

        SimulationResult result(LoadTrace trace, SimulationSettings settings, List<SimulationResult.Moment> course) {
            return new SimulationResult(
                    trace.name(),
                    settings,
                    ticks,
                    Duration.ofSeconds(overload),
                    replicaSeconds / 60,
                    ups,
                    downs,
                    reversals,
                    Duration.ofSeconds(longestOverload),
                    least,
                    most,
                    course,
                    trace.notes());
        }
    }

    /** Keeps the worst of each stretch, so that a peak is in the picture however long the trace is. */
    private static final class Course {
        private final long stretch;
        private final List<SimulationResult.Moment> moments = new ArrayList<>();
        private long begin = Long.MIN_VALUE;
        private double load = Double.NaN;
        private double capacity = Double.MAX_VALUE;
        private int replicas;
        private int ups;
        private int downs;
        private long overload;

        Course(long stretch) {
            this.stretch = stretch;
        }

        void add(long now, double asked, double carried, int wanted, int turn, long overloaded) {
            if (begin == Long.MIN_VALUE) {
                begin = now;
            } else if (now - begin >= stretch) {
                close();
                begin = now;
            }
            load = Double.isNaN(load) ? asked : Double.isNaN(asked) ? load : Math.max(load, asked);
            capacity = Math.min(capacity, carried);
            replicas = wanted;
            ups += turn > 0 ? 1 : 0;
            downs += turn < 0 ? 1 : 0;
            overload += overloaded;
        }

        private void close() {
            moments.add(new SimulationResult.Moment(
                    Instant.ofEpochSecond(begin), load, capacity, replicas, ups, downs, Duration.ofSeconds(overload)));
            ups = 0;
            downs = 0;
            overload = 0;
            load = Double.NaN;
            capacity = Double.MAX_VALUE;
        }

        List<SimulationResult.Moment> moments() {
            close();
            return moments;
        }
    }
}
