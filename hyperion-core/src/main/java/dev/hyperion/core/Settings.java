// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core;

import dev.hyperion.ConfigException;
import dev.hyperion.ConfigProblem;
import dev.hyperion.Secret;
import dev.hyperion.core.alert.AlertConfig;
import dev.hyperion.core.alert.AlertSettings;
import dev.hyperion.core.expose.ExpositionSettings;
import dev.hyperion.core.health.HealthSettings;
import dev.hyperion.core.http.ApiServer;
import dev.hyperion.core.log.LogSettings;
import dev.hyperion.core.query.MonitoringSettings;
import dev.hyperion.core.registry.RegistrySettings;
import dev.hyperion.core.security.ApiKeys;
import dev.hyperion.core.security.Role;
import dev.hyperion.core.timeline.Resolution;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The configuration file, read. Sections that belong to plugins are kept as they were written. */
final class Settings {
    private static final ConfigSchema MONITORING = ConfigSchema.of(
            ConfigKey.of("interval", ConfigKey.Type.DURATION, "How often windows, sources and timeline move on.")
                    .range(0.1, 10)
                    .orElse("1s"),
            ConfigKey.of("window", ConfigKey.Type.DURATION, "The window of a question that names none.")
                    .atLeast(1)
                    .orElse("60s"),
            ConfigKey.of("alert_interval", ConfigKey.Type.DURATION, "How often alert rules are evaluated.")
                    .atLeast(0.1)
                    .orElse("10s"),
            ConfigKey.of("timeline", ConfigKey.Type.TEXTS, "Addresses whose course is kept."),
            ConfigKey.of("timeline_keep", ConfigKey.Type.OBJECTS, Resolution.SCHEMA, "How finely, and for how long."),
            LogSettings.BYTES);

    private static final ConfigSchema METRICS = ConfigSchema.of(ConfigKey.of(
                    "aliases", ConfigKey.Type.TEXT_MAP, "Other names for meters: latency: http.server.requests."))
            .and(RegistrySettings.SCHEMA);

    private static final ConfigSchema KEY = ConfigSchema.of(
            ConfigKey.of("key", ConfigKey.Type.SECRET, "The key; better ${NAME} than written out.")
                    .mandatory(),
            ConfigKey.of("role", ConfigKey.Type.TEXT, "What its holder may do.")
                    .oneOf("viewer", "operator")
                    .orElse("viewer"));

    private static final ConfigSchema HTTP = ConfigSchema.of(
                    ConfigKey.of("host", ConfigKey.Type.TEXT, "The address to listen on.")
                            .orElse("127.0.0.1"),
                    ConfigKey.of("port", ConfigKey.Type.INTEGER, "The port; 0 for any.")
                            .range(0, 65_535)
                            .orElse("8086"),
                    ConfigKey.of("threads", ConfigKey.Type.INTEGER, "Requests served at once.")
                            .range(1, 1_000)
                            .orElse("8"),
                    ConfigKey.of(
                                    "client_timeout",
                                    ConfigKey.Type.DURATION,
                                    "How long a client may take to send or take data.")
                            .atLeast(0.5)
                            .orElse("10s"),
                    ConfigKey.of("rate_per_second", ConfigKey.Type.NUMBER, "Requests of one client per second.")
                            .atLeast(0.1)
                            .orElse("50"),
                    ConfigKey.of("burst", ConfigKey.Type.INTEGER, "Requests of one client at once.")
                            .atLeast(1)
                            .orElse("200"),
                    ConfigKey.of("metrics", ConfigKey.Type.TEXT, "Whether metrics may be scraped without a key.")
                            .oneOf("open", "key")
                            .orElse("open"),
                    ConfigKey.of(
                            "keys", ConfigKey.Type.NAMED_OBJECTS, KEY, "Keys beside the one made at the first start."))
            .and(ExpositionSettings.SCHEMA);

    private static final ConfigSchema ALL = ConfigSchema.of(
            ConfigKey.of("application", ConfigKey.Type.TEXT, "The application that embeds this instance."),
            ConfigKey.of("version", ConfigKey.Type.TEXT, "Its version."),
            ConfigKey.of("data_folder", ConfigKey.Type.PATH, "Where state is kept."),
            ConfigKey.of("monitoring", ConfigKey.Type.OBJECT, MONITORING, "Windows, timeline and log."),
            ConfigKey.of("logs", ConfigKey.Type.OBJECT, LogSettings.SCHEMA, "What of the log is kept, and from where."),
            ConfigKey.of("health", ConfigKey.Type.OBJECT, HealthSettings.SCHEMA, "How often health is looked at."),
            ConfigKey.of("metrics", ConfigKey.Type.OBJECT, METRICS, "Names and series of meters."),
            ConfigKey.of("autoscale", ConfigKey.Type.ANY, "The scaling policy."),
            ConfigKey.of("deploy", ConfigKey.Type.ANY, "Backend, router and rollouts."),
            ConfigKey.of("store", ConfigKey.Type.TEXT, "Where journals are kept: memory or sqlite.")
                    .orElse("memory"),
            ConfigKey.of("leader", ConfigKey.Type.TEXT, "How one of several instances leads.")
                    .orElse("file"),
            ConfigKey.of("plugins", ConfigKey.Type.ANY, "A section for each plugin, by its name."),
            ConfigKey.of("http", ConfigKey.Type.OBJECT, HTTP, "The HTTP endpoints; none if not set."));

    private final PluginConfig file;

    private final OptionalInt httpPort;

    private Settings(PluginConfig file, OptionalInt httpPort) {
        this.file = file;
        this.httpPort = httpPort;
    }

    static Settings read(ConfigNode.Mapping source, OptionalInt httpPort) {
        return new Settings(ALL.and(AlertConfig.SCHEMA).parse(source, ""), httpPort);
    }

    Optional<String> application() {
        return file.findText("application");
    }

    Optional<String> version() {
        return file.findText("version");
    }

    /** A relative folder counts from the file it stands in. */
    Optional<Path> dataFolder() {
        return file.findFile("data_folder").map(path -> {
            Path folder =
                    Path.of(file.source().position().file()).toAbsolutePath().getParent();
            return folder == null ? path : folder.resolve(path);
        });
    }

    String store() {
        return file.text("store");
    }

    String leader() {
        return file.text("leader");
    }

    /** A problem at one of the keys of the file. */
    ConfigException wrong(String key, String message) {
        return new ConfigException(file.problem(key, message));
    }

    Optional<ConfigNode.Mapping> section(String key) {
        return file.node(key).map(node -> {
            if (node instanceof ConfigNode.Mapping mapping) {
                return mapping;
            }
            throw wrong(key, "is no section; expected keys and values");
        });
    }

    /** The section of a plugin, checked against its schema; empty keys if it is not there. */
    PluginConfig plugin(String name, ConfigSchema schema) {
        Optional<ConfigNode> section =
                section("plugins").map(plugins -> plugins.entries().get(name)).map(ConfigNode.Entry::value);
        String path = "plugins." + name;
        if (section.isPresent() && !(section.get() instanceof ConfigNode.Mapping)) {
            ConfigNode.Position at = section.get().position();
            throw new ConfigException(new ConfigProblem(
                    at.file(), at.line(), at.column(), path, "is no section; expected keys and values"));
        }
        return schema.parse(
                (ConfigNode.Mapping) section.orElse(
                        new ConfigNode.Mapping(Map.of(), file.source().position())),
                path);
    }

    /** Sections of plugins that nobody uses are mistakes more often than not. */
    void requireUsed(List<String> used) {
        List<ConfigProblem> problems = new ArrayList<>();
        section("plugins")
                .ifPresent(plugins -> plugins.entries().forEach((name, entry) -> {
                    if (!used.contains(name)) {
                        problems.add(new ConfigProblem(
                                entry.key().file(),
                                entry.key().line(),
                                entry.key().column(),
                                "plugins." + name,
                                "is the section of a plugin that is not in use; in use are "
                                        + String.join(", ", used)));
                    }
                }));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    MonitoringSettings monitoring() {
        MonitoringSettings usual = MonitoringSettings.defaults();
        PluginConfig section = monitoringSection();
        return new MonitoringSettings(
                section.duration("interval"),
                section.duration("window"),
                file.object("metrics")
                        .map(metrics -> metrics.textMap("aliases"))
                        .orElse(Map.of()),
                section.texts("timeline").isEmpty() ? usual.timeline() : section.texts("timeline"),
                LogSettings.read(section.bytes("log_bytes"), logs()),
                usual.sourceDeadline(),
                health().interval(),
                health().deadline());
    }

    RegistrySettings registry() {
        return RegistrySettings.read(
                file.object("metrics").orElseGet(() -> METRICS.parse(ConfigNode.Mapping.empty(), "")));
    }

    HealthSettings health() {
        return HealthSettings.read(file.object("health")
                .orElseGet(() -> HealthSettings.SCHEMA.parse(ConfigNode.Mapping.empty(), "health")));
    }

    List<Resolution> timelineKeep() {
        return Resolution.read(monitoringSection().objects("timeline_keep"));
    }

    private PluginConfig logs() {
        return file.object("logs").orElseGet(() -> LogSettings.SCHEMA.parse(ConfigNode.Mapping.empty(), "logs"));
    }

    /** The logging backends that are listened to. */
    List<String> captured() {
        return logs().texts("capture");
    }

    private PluginConfig monitoringSection() {
        return file.object("monitoring").orElseGet(() -> MONITORING.parse(ConfigNode.Mapping.empty(), ""));
    }

    AlertSettings alerting() {
        return AlertConfig.settings(file, monitoringSection().duration("alert_interval"));
    }

    List<AlertRule> alerts(Set<String> notifiers) {
        return AlertConfig.rules(file, notifiers);
    }

    Optional<ApiServer.Settings> http() {
        return httpSection()
                .map(http -> new ApiServer.Settings(
                        http.text("host"),
                        httpPort.orElse((int) http.integer("port")),
                        (int) http.integer("threads"),
                        http.duration("client_timeout"),
                        http.number("rate_per_second"),
                        http.integer("burst")));
    }

    /** Present if it is written, or if whoever starts the instance wants the endpoints. */
    private Optional<PluginConfig> httpSection() {
        return file.object("http")
                .or(() -> httpPort.isPresent()
                        ? Optional.of(HTTP.parse(ConfigNode.Mapping.empty(), "http"))
                        : Optional.empty());
    }

    boolean openMetrics() {
        return httpSection().filter(http -> http.text("metrics").equals("open")).isPresent();
    }

    ExpositionSettings exposition() {
        return httpSection().map(ExpositionSettings::of).orElseGet(ExpositionSettings::defaults);
    }

    Map<Secret, ApiKeys.Holder> keys() {
        Map<Secret, ApiKeys.Holder> keys = new LinkedHashMap<>();
        file.object("http")
                .ifPresent(http -> http.namedObjects("keys")
                        .forEach((name, key) -> keys.put(
                                key.findSecret("key").orElseThrow(),
                                new ApiKeys.Holder(
                                        name, Role.valueOf(key.text("role").toUpperCase(Locale.ROOT))))));
        return keys;
    }
}
