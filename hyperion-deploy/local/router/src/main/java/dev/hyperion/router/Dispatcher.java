// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which version and which replica a request goes to, and counts what is in flight.
 *
 * <p>Versions take turns by smooth weighted round robin: each turn adds its weight to every version's credit, the one with
 * the most credit goes, and pays the whole. Over any {@code k × 10,000 / gcd} turns the shares are exact; in between no
 * version is off by a whole request when there are two. Within the version the replica with the fewest requests in flight
 * goes, equals take turns.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Dispatcher {
    /*
     * One lock for choosing, counting and swapping the table. Exact shares need one order of turns anyway; and a request
     * must be counted as in flight in the same instant in which it is given its replica: otherwise a table without that
     * replica could be acknowledged and "0 in flight" be told while the request is still to be sent, and the replica be
     * stopped under it.
     *
     * Sources: smooth weighted round robin as introduced in nginx 1.3.1 (commit 52327e0627f4, 2012).
     */
    private static final int RETIRED_KEPT = 64;

    private final String startId;
    private final LongSupplier nanoTime;
    private final Map<String, Lane> lanes = new TreeMap<>();
    private final Map<String, VersionStats> stats = new LinkedHashMap<>(16, 0.75f, true);
    private RouteTable table = RouteTable.EMPTY;
    private long statsMade;
    private long unrouted;

    Dispatcher(String startId, LongSupplier nanoTime) {
        this.startId = startId;
        this.nanoTime = nanoTime;
    }

    /** One version's turns and replicas. */
    private static final class Lane {
        int weight;
        int credit;
        int next;
        List<Replica> serving = List.of();
        final List<Replica> leaving = new ArrayList<>();

        int inFlight() {
            return sum(serving) + sum(leaving);
        }

        private static int sum(List<Replica> replicas) {
            return replicas.stream().mapToInt(Replica::inFlight).sum();
        }
    }

    /**
     * What is in force and in flight.
     *
     * @param table the table in force
     * @param inFlight by version and replica; also what left the table and has requests to finish
     * @param stats by version; also of versions that left the table
     * @param unrouted requests that came while no version had a share
     */
    record View(
            RouteTable table,
            Map<String, Map<String, Integer>> inFlight,
            Map<String, VersionStats.Copy> stats,
            long unrouted) {}

    /** Puts a table in force for every request from now on; requests in flight finish where they are. */
    synchronized void install(RouteTable next) {
        boolean otherWeights = !weights(next).equals(weights(table));
        table = next;
        next.shares().keySet().forEach(version -> lanes.computeIfAbsent(version, v -> new Lane()));
        lanes.forEach((version, lane) -> {
            Share share = next.shares().getOrDefault(version, new Share(0, List.of()));
            lane.weight = share.weight();
            if (otherWeights) {
                lane.credit = 0; // with the same weights the turns go on where they were
            }
            reseat(lane, share.targets());
        });
        forgetIdleLanes();
        next.shares().keySet().forEach(this::statsOf); // so that a version without a request yet shows as 0 requests
    }

    private static Map<String, Integer> weights(RouteTable table) {
        Map<String, Integer> weights = new HashMap<>();
        table.shares().forEach((version, share) -> weights.put(version, share.weight()));
        return weights;
    }

    private static void reseat(Lane lane, List<Target> targets) {
        Map<Target, Replica> known = new LinkedHashMap<>();
        lane.serving.forEach(replica -> known.put(replica.target(), replica));
        lane.leaving.forEach(replica -> known.put(replica.target(), replica));
        List<Replica> serving = new ArrayList<>();
        for (Target target : targets) {
            Replica replica = known.remove(target);
            serving.add(replica == null ? new Replica(target) : replica);
        }
        lane.serving = List.copyOf(serving);
        lane.leaving.clear();
        known.values().stream().filter(replica -> replica.inFlight() > 0).forEach(lane.leaving::add);
    }

    private void forgetIdleLanes() {
        lanes.entrySet()
                .removeIf(entry -> !table.shares().containsKey(entry.getKey())
                        && entry.getValue().inFlight() == 0);
    }

    /** Gives a new request its version and replica; null if no version has a share. */
    synchronized @Nullable Passage enter() {
        Lane turn = null;
        String version = "";
        for (Map.Entry<String, Lane> entry : lanes.entrySet()) {
            Lane lane = entry.getValue();
            lane.credit += lane.weight;
            if (lane.weight > 0 && (turn == null || lane.credit > turn.credit)) {
                turn = lane;
                version = entry.getKey();
            }
        }
        if (turn == null) {
            unrouted++;
            return null;
        }
        turn.credit -= Share.WHOLE;
        Replica replica = choose(turn, List.of());
        if (replica == null) {
            throw new IllegalStateException(
                    "this is a bug in Hyperion: version " + version + " has a share but no replica; please report it");
        }
        replica.enter();
        return new Passage(version, statsOf(version), replica);
    }

    /**
     * Moves a request whose replica refused the connection to another replica of its version.
     *
     * @return false if each was tried, or the version has left the table
     */
    synchronized boolean another(Passage passage) {
        passage.replica().connectRefused(nanoTime.getAsLong());
        passage.stats().connectRefused();
        Lane lane = lanes.get(passage.version());
        Replica next = lane == null ? null : choose(lane, passage.tried());
        if (next == null) {
            return false;
        }
        release(passage.version(), passage.replica());
        next.enter();
        passage.moveTo(next);
        return true;
    }

    /** Fewest in flight, those that just refused a connection last; null if each is excluded. */
    private @Nullable Replica choose(Lane lane, List<Replica> excluded) {
        long now = nanoTime.getAsLong();
        int size = lane.serving.size();
        int first = size == 0 ? 0 : lane.next++ % size;
        Replica best = null;
        for (int i = 0; i < size; i++) {
            Replica candidate = lane.serving.get((first + i) % size);
            if (!excluded.contains(candidate) && (best == null || before(candidate, best, now))) {
                best = candidate;
            }
        }
        lane.next &= Integer.MAX_VALUE;
        return best;
    }

    private static boolean before(Replica candidate, Replica best, long now) {
        if (candidate.avoided(now) != best.avoided(now)) {
            return best.avoided(now);
        }
        return candidate.inFlight() < best.inFlight();
    }

    /** The request is over: its client has the whole answer, or will get no more of it. */
    void leave(Passage passage, Outcome outcome, long nanos) {
        if (!passage.end()) {
            return;
        }
        passage.stats().ended(outcome, nanos);
        synchronized (this) {
            release(passage.version(), passage.replica());
        }
    }

    private void release(String version, Replica replica) {
        replica.leave();
        Lane lane = lanes.get(version);
        if (lane != null && replica.inFlight() == 0 && lane.leaving.remove(replica)) {
            forgetIdleLanes();
        }
    }

    private VersionStats statsOf(String version) {
        VersionStats found = stats.get(version);
        if (found == null) {
            // Figures of a version that was forgotten and came back begin anew, and say so by another start id.
            found = new VersionStats(startId + "." + ++statsMade);
            stats.put(version, found);
            forgetOldStats();
        }
        return found;
    }

    private void forgetOldStats() {
        int surplus = stats.size() - lanes.size() - RETIRED_KEPT;
        if (surplus > 0) {
            List<String> oldest = stats.keySet().stream()
                    .filter(v -> !lanes.containsKey(v))
                    .limit(surplus)
                    .toList();
            oldest.forEach(stats::remove);
        }
    }

    synchronized int inFlight() {
        return lanes.values().stream().mapToInt(Lane::inFlight).sum();
    }

    synchronized View view() {
        Map<String, Map<String, Integer>> inFlight = new TreeMap<>();
        lanes.forEach((version, lane) -> {
            Map<String, Integer> replicas = new TreeMap<>();
            lane.serving.forEach(replica -> replicas.put(replica.target().toString(), replica.inFlight()));
            lane.leaving.forEach(replica -> replicas.put(replica.target().toString(), replica.inFlight()));
            inFlight.put(version, replicas);
        });
        Map<String, VersionStats.Copy> copies = new TreeMap<>();
        stats.forEach((version, of) -> copies.put(version, of.copy()));
        return new View(table, inFlight, copies, unrouted);
    }
}
