// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import dev.hyperion.core.expose.ExpositionFormat;
import dev.hyperion.core.expose.PrometheusText;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * {@code GET /metrics}: in the format that the scraper likes best, of all families or those that {@code name[]} names, and
 * packed if the scraper takes that and is on another machine. On this one packing takes longer than sending.
 *
 * <p>Thread-safety: thread-safe.
 */
final class MetricsEndpoint {
    private static final String VARY = "Accept, Accept-Encoding";

    private final PrometheusText metrics;

    MetricsEndpoint(PrometheusText metrics) {
        this.metrics = metrics;
    }

    ApiResponse answer(ApiRequest request) {
        ExpositionFormat format =
                ExpositionFormat.forAccept(request.header("accept").orElse(null));
        Set<String> names = request.parameters("name[]");
        Map<String, String> headers = new HashMap<>(Map.of("Vary", VARY));
        boolean packed = request.header("accept-encoding")
                        .filter(MetricsEndpoint::takesGzip)
                        .isPresent()
                && !isLocal(request.client());
        if (packed) {
            headers.put("Content-Encoding", "gzip");
        }
        return new ApiResponse(200, format.contentType(), headers, out -> {
            if (packed) {
                try (Packed gzip = new Packed(out)) {
                    metrics.write(format, names, gzip);
                    gzip.finish();
                }
            } else {
                metrics.write(format, names, out);
            }
        });
    }

    private static boolean takesGzip(String accepted) {
        return Arrays.stream(accepted.toLowerCase(Locale.ROOT).split(",", -1))
                .map(coding -> coding.replaceAll("\\s", ""))
                .anyMatch(coding -> coding.equals("gzip") || (coding.startsWith("gzip;q=") && !isZero(coding)));
    }

    private static boolean isZero(String coding) {
        return coding.matches("gzip;q=0(\\.0*)?");
    }

    private static boolean isLocal(String client) {
        try {
            return InetAddress.getByName(client).isLoopbackAddress(); // an address, so nothing is looked up
        } catch (UnknownHostException e) {
            return false; // not of this machine, then
        }
    }

    /** Packs fast rather than small, and leaves the stream below open. */
    private static final class Packed extends GZIPOutputStream {
        Packed(OutputStream out) throws IOException {
            super(out, 8_192);
            def.setLevel(Deflater.BEST_SPEED);
        }

        /** Gives back what the packer holds outside the heap; also when the reader went away. */
        @Override
        public void close() {
            def.end();
        }
    }
}
