// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;

/** A benchmark's method tells the peer that it measures: {@code micrometerPlain} is {@code MICROMETER_PLAIN}. */
final class MethodName {
    private static final Pattern WORD = Pattern.compile("_(.)");

    private MethodName() {}

    static String of(Enum<?> peer) {
        return WORD.matcher(peer.name().toLowerCase(Locale.ROOT))
                .replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    }

    /** The constant that the method of a running benchmark is named after. */
    static <P extends Enum<P>> P constant(Class<P> peers, BenchmarkParams benchmark) {
        String name = benchmark.getBenchmark();
        String method = name.substring(name.lastIndexOf('.') + 1);
        return Arrays.stream(peers.getEnumConstants())
                .filter(peer -> of(peer).equals(method))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is named after no peer"));
    }
}
