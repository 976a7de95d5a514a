// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import dev.hyperion.benchmarks.peers.CountPeer;
import dev.hyperion.benchmarks.peers.RecordPeer;
import dev.hyperion.benchmarks.peers.TagPeer;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the methods of each group are called in tables, and in which order they stand there. */
final class Titles {
    private Titles() {}

    /** By method; empty for a group whose methods are shown as they are called. */
    static Map<String, String> of(String group) {
        Map<String, String> titles = new LinkedHashMap<>();
        switch (group) {
            case "record", "virtual", "memory" -> {
                for (RecordPeer peer : RecordPeer.values()) {
                    titles.put(peer.method(), peer.title());
                }
            }
            case "count" -> {
                for (CountPeer peer : CountPeer.values()) {
                    titles.put(peer.method(), peer.title());
                }
            }
            case "tags" -> {
                for (TagPeer peer : TagPeer.values()) {
                    titles.put(peer.method(), peer.title());
                }
            }
            case "read" -> {
                titles.put("sortedArray", "an array sorted beforehand");
                titles.put("hyperion", "**Hyperion**, three queries");
                titles.put("micrometer", "Micrometer, `takeSnapshot`");
                titles.put("dropwizardDecaying", "Dropwizard, decaying");
                titles.put("dropwizardSliding", "Dropwizard, last 1,028");
                titles.put("hdrRecorder", "HdrHistogram recorder, interval added to a window");
            }
            case "scrape" -> {
                titles.put("bytes", "copying the text, made beforehand");
                titles.put("hyperionIdle", "**Hyperion**, no timer changed");
                titles.put("hyperionTenthChanged", "**Hyperion**, a tenth changed");
                titles.put("hyperionAllChanged", "**Hyperion**, all changed");
                titles.put("micrometerPrometheus", "Micrometer Prometheus, percentiles");
                titles.put("clientJavaSummary", "client_java, summaries");
                titles.put("clientJavaHistogram", "client_java, histograms");
            }
            case "merge" -> {
                titles.put("arrays", "arrays of 2,304 counts");
                titles.put("hyperion", "**Hyperion**, `Distribution.merge`");
                titles.put("hdrHistogram", "HdrHistogram, `add`");
            }
            case "alert" -> {
                titles.put("comparisons", "10,000 comparisons of two numbers");
                titles.put("hyperion", "**Hyperion**");
            }
            case "decide" -> {
                titles.put("comparisons", "two comparisons");
                titles.put("threshold", "**threshold policy** that changes nothing");
                titles.put("thresholdExplained", "the same with observation, stages and explanation");
                titles.put("target", "**target policy**, 3 metrics, 100 replicas");
                titles.put("targetExplained", "the same with explanation");
                titles.put("explained", "reading a metric, deciding, explaining and writing the record");
                titles.put("simulatedThreshold", "a tick of `simulate`, threshold policy");
                titles.put("simulatedGuard", "the same with a guard");
                titles.put("simulatedSchedule", "the same with a schedule");
                titles.put("simulatedOverride", "the same with an override");
                titles.put("simulatedStartAware", "the same, start-aware");
                titles.put("simulatedTarget", "a tick of `simulate`, target policy");
            }
            default -> {}
        }
        return titles;
    }
}
