// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.config;

import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.schedule.CronExpression;
import dev.hyperion.autoscale.schedule.Schedule;
import dev.hyperion.autoscale.stage.MetricGuard;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StartAware;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys of what stands around a policy of either kind: guards, schedules, rollouts and starting replicas. */
final class StageSection {
    private static final String FALLBACK = "fallback";
    private static final String PINNED = "pinned";

    private static final ConfigSchema GUARD = ConfigSchema.of(
            ConfigKey.of("metric", ConfigKey.Type.TEXT, "Which metric of the policy is guarded.")
                    .mandatory(),
            ConfigKey.of("max_age", ConfigKey.Type.DURATION, "Older readings are bad; the policy's if not set.")
                    .atLeast(0.1),
            ConfigKey.of("on_bad_data", ConfigKey.Type.TEXT, "What to do with bad data, beside never going down.")
                    .oneOf("hold", "up-only", FALLBACK)
                    .orElse("up-only"),
            ConfigKey.of("fallback_replicas", ConfigKey.Type.INTEGER, "At least so many, if on_bad_data is fallback.")
                    .range(1, 100_000),
            ConfigKey.of("fallback_after", ConfigKey.Type.DURATION, "How long the data must have been bad for it.")
                    .orElse("5m"),
            ConfigKey.of(
                            "zero_suspicious_from",
                            ConfigKey.Type.NUMBER,
                            "A fall from so much or more to exactly 0 is not believed; every zero is if not set.")
                    .range(1e-9, 1e15),
            ConfigKey.of("zero_disbelief", ConfigKey.Type.DURATION, "For how long it is not.")
                    .atLeast(0.1)
                    .orElse("10m"));

    private static final ConfigSchema SCHEDULE = ConfigSchema.of(
            ConfigKey.of("cron", ConfigKey.Type.TEXT, "When it begins: minute, hour, day, month, day of the week.")
                    .mandatory(),
            ConfigKey.of("zone", ConfigKey.Type.TEXT, "Whose local time, such as Europe/Berlin.")
                    .orElse("UTC"),
            ConfigKey.of("duration", ConfigKey.Type.DURATION, "For how long each time.")
                    .range(1, 31 * 86_400)
                    .mandatory(),
            ConfigKey.of("min_replicas", ConfigKey.Type.INTEGER, "The lower bound meanwhile.")
                    .range(0, 100_000),
            ConfigKey.of("max_replicas", ConfigKey.Type.INTEGER, "The upper bound meanwhile.")
                    .range(1, 100_000));

    private static final ConfigSchema START_AWARE = ConfigSchema.of(
            ConfigKey.of("warm_up", ConfigKey.Type.DURATION, "So long a replica's samples do not count.")
                    .orElse(StartAware.DEFAULTS.warmUp().toSeconds() + "s"),
            ConfigKey.of("patience", ConfigKey.Type.DURATION, "One that is not ready after so long is not waited for.")
                    .atLeast(0.1)
                    .orElse(StartAware.DEFAULTS.patience().toSeconds() + "s"));

    private static final ConfigSchema OVERRIDE = ConfigSchema.of(
            ConfigKey.of("kind", ConfigKey.Type.TEXT, "What is wanted.")
                    .oneOf("pause", "up-only", "down-only", PINNED)
                    .mandatory(),
            ConfigKey.of("replicas", ConfigKey.Type.INTEGER, "How many, if pinned.")
                    .range(0, 100_000),
            ConfigKey.of("until", ConfigKey.Type.TEXT, "From then on it does nothing, such as 2026-12-01T06:00:00Z.")
                    .mandatory(),
            ConfigKey.of("who", ConfigKey.Type.TEXT, "Who wants it.").mandatory(),
            ConfigKey.of("why", ConfigKey.Type.TEXT, "Why, in a line.").mandatory());

    static final ConfigSchema KEYS = ConfigSchema.of(
            ConfigKey.of("guards", ConfigKey.Type.OBJECTS, GUARD, "What is asked of a metric before it is followed."),
            ConfigKey.of("schedules", ConfigKey.Type.NAMED_OBJECTS, SCHEDULE, "Other bounds at certain hours."),
            ConfigKey.of(
                    "overrides",
                    ConfigKey.Type.OBJECTS,
                    OVERRIDE,
                    "What people want for a while instead, with its end."),
            ConfigKey.of("rollouts", ConfigKey.Type.TEXT, "What happens while a rollout is open.")
                    .oneOf("hold", "count-once", "ignore")
                    .orElse("hold"),
            ConfigKey.of(
                    "start_aware",
                    ConfigKey.Type.OBJECT,
                    START_AWARE,
                    "Starting replicas count by what they will carry; left to the policy if not set."));

    private final PolicySection section;
    private final PluginConfig config;

    private StageSection(PolicySection section) {
        this.section = section;
        this.config = section.config();
    }

    /** Reads and tells them; {@link PolicySection#isWrong} if something is wrong. */
    static StageSettings read(PolicySection section, Optional<ScalingPolicy> policy) {
        StageSection stages = new StageSection(section);
        StageSettings settings = new StageSettings(
                stages.guards(), stages.schedules(), stages.overrides(), stages.rollouts(), stages.startAware());
        policy.ifPresent(each -> settings.misfits(each).forEach(stages::misfit));
        return settings;
    }

    /** A line that begins with a key, such as {@code schedules.night.min_replicas is 0; …}. */
    private void misfit(String line) {
        String path = line.substring(0, line.indexOf(' '));
        String message = line.substring(line.indexOf(' ') + 1);
        for (Map.Entry<String, PluginConfig> each :
                config.namedObjects("schedules").entrySet()) {
            String prefix = "schedules." + each.getKey() + ".";
            if (path.startsWith(prefix)) {
                section.wrong(each.getValue(), path.substring(prefix.length()), message);
                return;
            }
        }
        section.wrong(path, message);
    }

    private List<MetricGuard> guards() {
        List<MetricGuard> guards = new ArrayList<>();
        List<PluginConfig> written = config.objects("guards");
        for (int i = 0; i < written.size(); i++) {
            PluginConfig each = written.get(i);
            Optional<PluginConfig> here = Optional.of(each);
            String prefix = "guards[" + i + "].";
            String onBadData = each.text("on_bad_data");
            boolean fallsBack = onBadData.equals(FALLBACK);
            Optional<Long> replicas = each.findInteger("fallback_replicas");
            if (fallsBack && replicas.isEmpty()) {
                section.wrong(each, "fallback_replicas", "is missing; on_bad_data is fallback, so say to how many");
            }
            if (!fallsBack && (replicas.isPresent() || each.isWritten("fallback_after"))) {
                section.wrong(each, "on_bad_data", "is " + onBadData + "; expected fallback, as fallback_… is set");
            }
            section.tell(here, prefix, each.text("metric"), "metric");
            each.findDuration("max_age").ifPresent(age -> section.tell(here, prefix, age, "max_age"));
            section.tell(here, prefix, onBadData, "on_bad_data");
            replicas.ifPresent(count -> section.tell(here, prefix, count, "fallback_replicas"));
            if (fallsBack) {
                section.tell(here, prefix, each.duration("fallback_after"), "fallback_after");
            }
            Optional<Double> zero = each.findNumber("zero_suspicious_from");
            zero.ifPresent(from -> {
                section.tell(here, prefix, from, "zero_suspicious_from");
                section.tell(here, prefix, each.duration("zero_disbelief"), "zero_disbelief");
            });
            guards.add(new MetricGuard(
                    each.text("metric"),
                    each.findDuration("max_age"),
                    onBadData(each, onBadData),
                    zero.map(from -> new MetricGuard.ZeroGuard(from, each.duration("zero_disbelief")))));
        }
        return guards;
    }

    private static MetricGuard.OnBadData onBadData(PluginConfig guard, String word) {
        return switch (word) {
            case "hold" -> new MetricGuard.OnBadData.Hold();
            case FALLBACK ->
                new MetricGuard.OnBadData.Fallback(
                        guard.findInteger("fallback_replicas").orElse(1L).intValue(), guard.duration("fallback_after"));
            default -> new MetricGuard.OnBadData.UpOnly();
        };
    }

    private List<Schedule> schedules() {
        List<Schedule> schedules = new ArrayList<>();
        config.namedObjects("schedules").forEach((name, each) -> {
            Optional<PluginConfig> here = Optional.of(each);
            String prefix = "schedules." + name + ".";
            section.tell(here, prefix, each.text("cron"), "cron");
            section.tell(here, prefix, each.text("zone"), "zone");
            section.tell(here, prefix, each.duration("duration"), "duration");
            for (String bound : List.of("min_replicas", "max_replicas")) {
                each.findInteger(bound).ifPresent(value -> section.tell(here, prefix, value, bound));
            }
            zone(each).flatMap(zone -> schedule(name, each, zone)).ifPresent(schedules::add);
        });
        return schedules;
    }

    private Optional<ZoneId> zone(PluginConfig schedule) {
        try {
            return Optional.of(ZoneId.of(schedule.text("zone")));
        } catch (DateTimeException e) {
            section.wrong(
                    schedule,
                    "zone",
                    "is '" + schedule.text("zone") + "'; expected a zone such as Europe/Berlin or UTC");
            return Optional.empty();
        }
    }

    private Optional<Schedule> schedule(String name, PluginConfig each, ZoneId zone) {
        try {
            return Optional.of(new Schedule(
                    name,
                    CronExpression.parse(each.text("cron")),
                    zone,
                    each.duration("duration"),
                    bound(each, "min_replicas"),
                    bound(each, "max_replicas")));
        } catch (HyperionException e) {
            section.wrong(each, "cron", "and its bounds cannot be: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static OptionalInt bound(PluginConfig schedule, String key) {
        Optional<Long> value = schedule.findInteger(key);
        return value.isPresent() ? OptionalInt.of(value.get().intValue()) : OptionalInt.empty();
    }

    private List<ScaleOverride> overrides() {
        List<ScaleOverride> overrides = new ArrayList<>();
        List<PluginConfig> written = config.objects("overrides");
        for (int i = 0; i < written.size(); i++) {
            PluginConfig each = written.get(i);
            String prefix = "overrides[" + i + "].";
            boolean pinned = each.text("kind").equals(PINNED);
            for (String key : List.of("kind", "until", "who", "why")) {
                section.tell(Optional.of(each), prefix, each.text(key), key);
            }
            each.findInteger("replicas").ifPresent(count -> section.tell(Optional.of(each), prefix, count, "replicas"));
            if (pinned != each.isWritten("replicas")) {
                section.wrong(
                        each,
                        "replicas",
                        pinned
                                ? "is missing; kind is pinned, so say to how many"
                                : "is of no use here: kind is " + each.text("kind")
                                        + ", which pins nothing; remove it");
                continue;
            }
            try {
                overrides.add(new ScaleOverride(
                        ScaleOverride.Kind.of(each.text("kind")),
                        each.findInteger("replicas").orElse(0L).intValue(),
                        each.text("who"),
                        each.text("why"),
                        Instant.parse(each.text("until")),
                        ScaleOverride.Origin.CONFIG));
            } catch (DateTimeParseException e) {
                section.wrong(
                        each, "until", "is '" + each.text("until") + "'; expected a time such as 2026-12-01T06:00:00Z");
            } catch (HyperionException e) {
                section.wrong(each, "who", "and why have to be there: " + e.getMessage());
            }
        }
        return overrides;
    }

    private RolloutRule rollouts() {
        String word = config.text("rollouts");
        section.tell("rollouts", word);
        return RolloutRule.valueOf(word.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    private Optional<StartAware> startAware() {
        Optional<PluginConfig> here = config.object("start_aware");
        return here.map(each -> {
            section.tell(here, "start_aware.", each.duration("warm_up"), "warm_up");
            section.tell(here, "start_aware.", each.duration("patience"), "patience");
            return new StartAware(each.duration("warm_up"), each.duration("patience"));
        });
    }
}
