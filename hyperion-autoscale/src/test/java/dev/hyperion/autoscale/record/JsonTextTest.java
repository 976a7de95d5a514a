// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static final long SEED = Long.getLong("hyperion.test.seed", new Random().nextLong());

    private final Random random = new Random(SEED);

    @Test
    void textsAreQuotedAsJacksonQuotesThem() throws IOException {
        for (int i = 0; i < 5_000; i++) {
            String any = text();
            assertThat(JsonText.of(any, (json, value) -> json.put("text", value)))
                    .as("seed %d", SEED)
                    .isEqualTo(byJackson(any));
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> text.append((char) random.nextInt(' '));
                case 1 -> text.append("\"\\/{[,".charAt(random.nextInt(6)));
                case 2 -> text.append((char) random.nextInt(0x80, 0x2100));
                case 3 -> text.appendCodePoint(0x1F600 + random.nextInt(40));
                default -> text.append((char) random.nextInt(' ', 0x80));
            }
        }
        return text.toString();
    }

    private static String byJackson(String text) throws IOException {
        StringWriter written = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(written)) {
            json.writeStartObject();
            json.writeStringField("text", text);
            json.writeEndObject();
        }
        return written.toString();
    }

    @Test
    void whatIsWrittenIsReadBack() {
        String text = JsonText.of(
                List.of("a {", "b ["),
                (json, texts) -> json.put("first", texts.get(0))
                        .put("number", Long.MIN_VALUE)
                        .put("real", Double.NaN)
                        .put("flag", true)
                        .put("for", Duration.ofMillis(1_500))
                        .putIfPresent("absent", Optional.<String>empty(), (inner, value) -> inner.put("value", value))
                        .putAll("objects", texts, (inner, value) -> inner.put("text", value))
                        .putAll("empty", List.<String>of(), (inner, value) -> inner.put("text", value))
                        .putTexts("texts", texts, each -> each)
                        .put("object", texts.get(1), (inner, value) -> inner.put("text", value)));

        assertThat(text)
                .isEqualTo("{\"first\":\"a {\",\"number\":-9223372036854775808,\"real\":\"NaN\",\"flag\":true,"
                        + "\"for\":\"PT1.5S\",\"objects\":[{\"text\":\"a {\"},{\"text\":\"b [\"}],\"empty\":[],"
                        + "\"texts\":[\"a {\",\"b [\"],\"object\":{\"text\":\"b [\"}}");
        Json read = Json.parse(text);
        assertThat(read.number("number")).isEqualTo(Long.MIN_VALUE);
        assertThat(read.objects("objects", each -> each.text("text"))).containsExactly("a {", "b [");
        assertThat(read.texts("texts")).containsExactly("a {", "b [");
        assertThat(read.has("absent")).isFalse();
    }
}
