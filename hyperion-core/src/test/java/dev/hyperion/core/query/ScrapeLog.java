// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.core.expose.ExpositionFormat;
import dev.hyperion.core.expose.PrometheusText;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a Prometheus would have scraped of a center at each evaluation, and how the center's alerts stood then; written as a
 * test that {@code promtool test rules} runs. Confined to one test.
 */
final class ScrapeLog {
    private static final Pattern FAILED = Pattern.compile("time: (\\S+),\\s*exp:(.*)\\s*got:(.*)");
    private static final Pattern ALERT = Pattern.compile("\\{[^}]*}");

    private final HyperionMonitoringCenter center;
    private final PrometheusText text;
    private final Map<String, List<String>> series = new TreeMap<>();
    private final List<TreeSet<String>> alerts = new ArrayList<>();

    ScrapeLog(HyperionMonitoringCenter center) {
        this.center = center;
        this.text = new PrometheusText(center.meters(), center.recentWindow());
    }

    /** Notes the exposition and the alerts as they are now. */
    void scrape() throws IOException {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        text.write(ExpositionFormat.PROMETHEUS_0_0_4, page);
        int before = alerts.size();
        page.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    int space = line.lastIndexOf(' ');
                    List<String> values = series.computeIfAbsent(line.substring(0, space), name -> new ArrayList<>());
                    while (values.size() < before) {
                        values.add("_");
                    }
                    values.add(line.substring(space + 1));
                });
        // a series that is missing from one scrape is marked as stale by Prometheus
        series.values().stream().filter(values -> values.size() == before).forEach(values -> values.add("stale"));
        TreeSet<String> active = new TreeSet<>();
        for (AlertStatus status : center.alerts()) {
            if (status.state() == AlertState.PENDING || status.state() == AlertState.FIRING) {
                Map<String, String> labels = new TreeMap<>(status.labels());
                labels.put("alertname", status.rule().name());
                labels.put("alertstate", status.state() == AlertState.FIRING ? "firing" : "pending");
                active.add(labels.toString());
            }
        }
        alerts.add(active);
    }

    /** How many alerts were pending or firing, over all evaluations. */
    long active(String state) {
        return alerts.stream()
                .flatMap(TreeSet::stream)
                .filter(alert -> alert.contains("alertstate=" + state))
                .count();
    }

    /** The test: these series, and at each evaluation exactly the alerts that we had, without those of some rules. */
    String promtoolTest(Duration interval, TreeSet<String> without) {
        StringBuilder yaml = new StringBuilder("rule_files: [rules.yml]\nevaluation_interval: ")
                .append(interval.toSeconds())
                .append("s\ntests:\n  - interval: ")
                .append(interval.toSeconds())
                .append("s\n    input_series:\n");
        series.forEach((name, values) -> yaml.append("      - series: '")
                .append(name.replace("'", "''"))
                .append("'\n        values: '")
                .append(String.join(" ", values))
                .append("'\n"));
        yaml.append("    promql_expr_test:\n");
        for (int i = 0; i < alerts.size(); i++) {
            yaml.append("      - expr: sum without (severity) (ALERTS{alertname!~\"")
                    .append(String.join("|", without))
                    .append("\"})\n        eval_time: ")
                    .append(interval.toSeconds() * i)
                    .append("s\n        exp_samples:\n");
            for (String alert : alerts.get(i)) {
                if (without.stream().noneMatch(name -> alert.contains("alertname=" + name + ","))) {
                    yaml.append("          - {value: 1, labels: '")
                            .append(alert.replaceAll("([a-z_]+)=([^,}]*)", "$1=\"$2\""))
                            .append("'}\n");
                }
            }
        }
        return yaml.toString();
    }

    /** The first evaluation that differs, out of what promtool printed. */
    static String firstDifference(String printed) {
        Matcher failed = FAILED.matcher(printed);
        if (!failed.find()) {
            return printed;
        }
        TreeSet<String> ours = alertsIn(failed.group(2));
        TreeSet<String> theirs = alertsIn(failed.group(3));
        TreeSet<String> both = new TreeSet<>(ours);
        both.retainAll(theirs);
        ours.removeAll(both);
        theirs.removeAll(both);
        return "at " + failed.group(1) + " only here " + ours + ", only in Prometheus " + theirs;
    }

    private static TreeSet<String> alertsIn(String line) {
        return ALERT.matcher(line).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
