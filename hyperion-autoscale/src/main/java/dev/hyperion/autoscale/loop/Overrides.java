// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.schedule.Schedule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.EngineContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people want of one application for a while. One override at a time can be said to a running instance: it takes the place
 * of the one before, and of those of the configuration as long as it lasts. Each is in the application's journal with its end.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Overrides {
    /** What is to last longer belongs into the configuration, where it is reviewed. */
    static final Duration LONGEST = Duration.ofDays(7);

    private final ApplicationId application;
    private final boolean named;
    private final ScalingPolicy policy;
    private final StageSettings configured;
    private final ScaleJournal journal;
    private final EngineContext context;

    /** Named is an application that the configuration knows by its name, be it deployed or not. */
    Overrides(
            ApplicationId application,
            boolean named,
            ScalingPolicy policy,
            StageSettings configured,
            ScaleJournal journal,
            EngineContext context) {
        this.application = application;
        this.named = named;
        this.policy = policy;
        this.configured = configured;
        this.journal = journal;
        this.context = context;
    }

    /** What stands around the policy at a time. */
    StageSettings settings(Instant now) {
        return said(now).map(override -> configured.with(List.of(override))).orElse(configured);
    }

    private Optional<ScaleOverride> said(Instant now) {
        return journal.override().filter(override -> override.activeAt(now));
    }

    /** Those that count at a time, in the order in which they apply. */
    List<ScaleOverride> at(Instant now) {
        return settings(now).overrides().stream()
                .filter(override -> override.activeAt(now))
                .sorted((a, b) -> a.kind().compareTo(b.kind()))
                .toList();
    }

    ScaleOverride say(ScaleOverride wanted) {
        requireLeadership("an override");
        requireKnown();
        Instant now = context.clock().now();
        ScaleOverride override =
                new ScaleOverride(wanted.kind(), wanted.replicas(), wanted.who(), wanted.why(), wanted.expiresAt());
        check(override, now);
        expire(now);
        Optional<ScaleOverride> before = journal.say(override);
        tell(
                override,
                override.told()
                        + before.map(old -> "; until now it was " + old.told()).orElse(""));
        return override;
    }

    private void check(ScaleOverride wanted, Instant now) {
        if (!wanted.activeAt(now)) {
            throw new HyperionException("override of " + application + " ends at " + wanted.expiresAt()
                    + ", which has passed; expected a time after " + now);
        }
        if (wanted.expiresAt().isAfter(now.plus(LONGEST))) {
            throw new HyperionException("override of " + application + " ends at " + wanted.expiresAt()
                    + "; expected " + now.plus(LONGEST) + " or before, " + LONGEST.toDays()
                    + " days from now; what is to last longer belongs under autoscale.overrides in the configuration");
        }
        Schedule.Bounds bounds =
                Schedule.Bounds.at(policy.minReplicas(), policy.maxReplicas(), configured.schedules(), now);
        boolean pinned = wanted.kind() == ScaleOverride.Kind.PINNED;
        if (pinned && (wanted.replicas() < bounds.minReplicas() || wanted.replicas() > bounds.maxReplicas())) {
            throw new HyperionException("override of " + application + " pins to " + wanted.replicas()
                    + " replicas; expected " + bounds.minReplicas() + " to " + bounds.maxReplicas()
                    + ", the bounds in force; pin within them, or change min_replicas or max_replicas in the"
                    + " configuration");
        }
    }

    ScaleOverride resume(String who, String why) {
        requireLeadership("resuming");
        Instant now = context.clock().now();
        expire(now);
        ScaleOverride ended = journal.resume(who, why).orElseThrow(() -> nothingToResume(now));
        tell(ended, "no longer " + ended.told() + ": ended by " + who + (why.isEmpty() ? "" : " (" + why + ")"));
        return ended;
    }

    private RefusedException nothingToResume(Instant now) {
        List<ScaleOverride> left = at(now);
        if (!left.isEmpty()) {
            return new RefusedException(application + " has no override to end; it is "
                    + left.get(left.size() - 1).told()
                    + " by its configuration: remove that under autoscale.overrides there");
        }
        return new RefusedException(application + " has no override to end; its policy decides"
                + journal.expired()
                        .map(last -> ". The last one has expired: " + last.told())
                        .orElse(""));
    }

    /** Notes the end of an override that has expired; it counts no longer from its expiry on, noted or not. */
    void expire(Instant now) {
        journal.override().filter(override -> !override.activeAt(now)).ifPresent(override -> {
            journal.expire(override);
            tell(override, "no longer " + override.told() + ": that time is over");
        });
    }

    private void requireLeadership(String what) {
        if (!context.leadership().held()) {
            String holder = context.leadership().holder();
            throw new RefusedException(what + " of " + application + " is refused: this instance does not lead"
                    + (holder.isEmpty() ? "" : "; " + holder + " does, ask there"));
        }
    }

    /** A policy for all applications covers any name, also one that is misspelt. */
    private void requireKnown() {
        List<ApplicationId> deployed =
                context.deployments().map(DeploymentManager::applications).orElse(List.of(application));
        if (!named && !deployed.contains(application)) {
            throw new RefusedException("there is no application " + application + " here; "
                    + (deployed.isEmpty() ? "nothing is deployed yet" : "deployed are " + deployed + ", name one"));
        }
    }

    private void tell(ScaleOverride override, String message) {
        context.monitoring()
                .log(new LogEntry(
                        context.clock().now(),
                        LogLevel.INFO,
                        "dev.hyperion.autoscale",
                        "scaling of " + application + " is " + message,
                        Map.of(
                                "application",
                                application.value(),
                                "override",
                                override.kind().word())));
    }
}
