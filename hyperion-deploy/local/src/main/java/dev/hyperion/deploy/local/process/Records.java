// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import dev.hyperion.deploy.HealthSpec;
import dev.hyperion.deploy.local.os.ProcessIdentity;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.GroupSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the backend knows of its applications. Confined to the backend's lock. */
final class Records {
    private Records() {}

    /** One application. */
    static final class Application {
        final ApplicationId id;
        final Map<Version, Group> groups = new LinkedHashMap<>();
        long generation;
        long epoch;
        String lastRequest = "";
        boolean lastChanged;

        Application(ApplicationId id) {
            this.id = id;
        }

        Applied lastAnswer() {
            return new Applied(Long.toString(generation), lastChanged);
        }
    }

    /** One version of it. */
    static final class Group {
        final GroupSpec spec;
        final List<Replica> replicas = new ArrayList<>();
        int desired;
        boolean retired;

        Group(GroupSpec spec) {
            this.spec = spec;
        }

        /** This group, whose replicas are all on their way out, made anew with another specification. */
        Group with(GroupSpec other) {
            Group made = new Group(other);
            made.replicas.addAll(replicas);
            return made;
        }

        GroupId id() {
            return spec.id();
        }

        HealthSpec health() {
            return spec.health();
        }
    }

    /** One replica. Fields below the line are of this process only and are found out anew after a restart. */
    static final class Replica {
        final String id;
        final int port;
        final Instant startedAt;
        final int restarts;

        @Nullable
        ProcessIdentity process;

        boolean draining;
        boolean stopping;
        boolean ended;
        OptionalInt exitCode = OptionalInt.empty();

        // ---
        boolean ready;
        boolean wasReady;
        boolean probing;
        String notReadyBecause = "has not answered yet";
        long startedNanos;
        long nextProbeNanos;
        long killAtNanos;
        boolean told;
        boolean killed;
        long restartAtNanos;
        CpuClock cpu = new CpuClock();

        Replica(String id, int port, Instant startedAt, int restarts) {
            this.id = id;
            this.port = port;
            this.startedAt = startedAt;
            this.restarts = restarts;
        }
    }
}
