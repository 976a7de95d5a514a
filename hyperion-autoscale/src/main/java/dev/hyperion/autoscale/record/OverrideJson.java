// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.autoscale.ScaleOverride;

/** What people want instead, as JSON. Reading what was written gives an equal override. */
public final class OverrideJson {
    private OverrideJson() {}

    /**
     * Writes an override, for the journal.
     *
     * @param override what somebody wants
     * @param note what else is to be known, in a line; may be empty
     * @return JSON on one line
     */
    public static String toText(ScaleOverride override, String note) {
        return JsonText.of(override, (json, said) -> {
            write(json, said);
            if (!note.isEmpty()) {
                json.put("note", note);
            }
        });
    }

    /**
     * Reads an override, without its note.
     *
     * @param json what {@link #toText} wrote
     * @return an equal override
     * @throws IllegalArgumentException if it is none
     */
    public static ScaleOverride fromText(String json) {
        return read(Json.parse(json));
    }

    static void write(JsonText json, ScaleOverride override) {
        json.put("kind", Json.word(override.kind()))
                .put("replicas", override.replicas())
                .put("who", override.who())
                .put("why", override.why())
                .put("expires_at", override.expiresAt());
        // records from before there were others have no origin, and are to give the same bytes
        if (override.origin() != ScaleOverride.Origin.CONFIG) {
            json.put("origin", Json.word(override.origin()));
        }
    }

    static ScaleOverride read(Json json) {
        return new ScaleOverride(
                json.constant("kind", ScaleOverride.Kind.class),
                json.count("replicas"),
                json.text("who"),
                json.text("why"),
                json.instant("expires_at"),
                json.has("origin") ? json.constant("origin", ScaleOverride.Origin.class) : ScaleOverride.Origin.CONFIG);
    }
}
