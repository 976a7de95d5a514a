// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.ConfigException;
import dev.hyperion.spi.PluginConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go, and the headers they carry. Both may hold secrets, so it prints as scheme, host and port, and blanks
 * them out of what others say.
 *
 * <p>Thread-safety: immutable.
 */
final class HttpTarget {
    /** Shorter texts are found in words that have nothing to do with them. */
    private static final int SHORTEST_HIDDEN = 4;

    private static final int SHORTEST_HIDDEN_PART = 8;

    private final URI uri;
    private final Map<String, String> headers;
    private final List<String> hidden;

    private HttpTarget(URI uri, Map<String, String> headers, List<String> hidden) {
        this.uri = uri;
        this.headers = headers;
        this.hidden = hidden;
    }

    /**
     * Reads a URL from the configuration. User and password in it become an {@code Authorization} header.
     *
     * @throws ConfigException if it is no URL of HTTP, or a header cannot be sent; says neither URL nor value
     */
    static HttpTarget of(PluginConfig config, String key, String url, Map<String, String> headers) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            throw noUrl(config, key);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
            throw noUrl(config, key);
        }
        Map<String, String> all = new LinkedHashMap<>();
        if (uri.getUserInfo() != null) {
            byte[] user = uri.getUserInfo().getBytes(StandardCharsets.UTF_8);
            all.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(user));
        }
        all.putAll(headers);
        all.forEach((name, value) -> {
            try {
                HttpRequest.newBuilder().header(name, value);
            } catch (IllegalArgumentException e) {
                // its message holds the value, which may be a secret
                throw new ConfigException(config.problem(
                        "headers",
                        "has the header '" + name + "', which cannot be sent; expected a header's name"
                                + " that HTTP does not reserve, and a value of one line"));
            }
        });
        List<String> hidden = new ArrayList<>();
        hide(hidden, uri.getUserInfo());
        hide(hidden, uri.getRawUserInfo());
        hide(hidden, uri.getPath());
        hide(hidden, uri.getRawPath());
        hide(hidden, uri.getRawQuery());
        all.values().forEach(value -> hide(hidden, value));
        return new HttpTarget(withoutUser(uri), Map.copyOf(all), List.copyOf(hidden));
    }

    private static ConfigException noUrl(PluginConfig config, String key) {
        return new ConfigException(config.problem(key, "is no URL; expected http:// or https:// and a host"));
    }

    /** The whole, and the parts of it that may be a token: a receiver may tell us either. */
    private static void hide(List<String> hidden, @Nullable String text) {
        if (text == null) {
            return;
        }
        if (text.length() >= SHORTEST_HIDDEN) {
            hidden.add(text);
        }
        for (String part : text.split("[/&=:\\s]+", -1)) {
            if (part.length() >= SHORTEST_HIDDEN_PART) {
                hidden.add(part);
            }
        }
    }

    private static URI withoutUser(URI uri) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return URI.create(origin(uri) + path + query);
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    /** The same target with a path appended to its own. */
    HttpTarget below(String path) {
        String own = uri.getRawPath().replaceAll("/+$", "");
        return new HttpTarget(URI.create(origin(uri) + own + path), headers, hidden);
    }

    /** A request to it, with its headers. */
    HttpRequest.Builder request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        headers.forEach(request::header);
        return request;
    }

    /** What somebody else said, in one line, without what must not be shown, and short. */
    String quoted(String said) {
        String line = said.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        for (String text : hidden) {
            line = line.replace(text, "***");
        }
        return line.length() > 200 ? line.substring(0, 200) + "…" : line;
    }

    @Override
    public String toString() {
        return origin(uri);
    }
}
