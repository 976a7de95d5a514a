// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/** The answers of the admin port. */
final class AdminJson {
    private AdminJson() {}

    /** Writes the members of an object. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    static String object(Body body) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = TableJson.FACTORY.createGenerator(text)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    /** Who and where this router is: the content of {@code router.json}. */
    static String identity(RouterIdentity identity) throws IOException {
        return object(json -> identity(json, identity));
    }

    /** The durable table, what is in force, and what is in flight. */
    static String table(RouterIdentity identity, RouteTable wanted, Dispatcher.View view) throws IOException {
        return object(json -> {
            identity(json, identity);
            TableJson.writeMembers(json, wanted);
            json.writeNumberField("generationInForce", view.table().generation());
            json.writeObjectFieldStart("weightsInForce");
            for (Map.Entry<String, Share> entry : view.table().shares().entrySet()) {
                json.writeNumberField(entry.getKey(), entry.getValue().weight());
            }
            json.writeEndObject();
            inFlight(json, view);
        });
    }

    /** Everything measured, as totals since the start ids. */
    static String metrics(RouterIdentity identity, Dispatcher.View view) throws IOException {
        return object(json -> {
            identity(json, identity);
            json.writeNumberField("unrouted", view.unrouted());
            inFlight(json, view);
            json.writeObjectFieldStart("versions");
            for (Map.Entry<String, VersionStats.Copy> entry : view.stats().entrySet()) {
                json.writeObjectFieldStart(entry.getKey());
                version(json, entry.getValue());
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    private static void identity(JsonGenerator json, RouterIdentity identity) throws IOException {
        json.writeNumberField("protocol", RouterIdentity.PROTOCOL);
        json.writeStringField("bootId", identity.bootId());
        json.writeStringField("startId", identity.startId());
        json.writeNumberField("pid", identity.pid());
        json.writeNumberField("startTicks", identity.startTicks());
        json.writeNumberField("trafficPort", identity.trafficPort());
        json.writeNumberField("adminPort", identity.adminPort());
    }

    private static void inFlight(JsonGenerator json, Dispatcher.View view) throws IOException {
        json.writeObjectFieldStart("inFlight");
        for (Map.Entry<String, Map<String, Integer>> version : view.inFlight().entrySet()) {
            json.writeObjectFieldStart(version.getKey());
            for (Map.Entry<String, Integer> replica : version.getValue().entrySet()) {
                json.writeNumberField(replica.getKey(), replica.getValue());
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void version(JsonGenerator json, VersionStats.Copy copy) throws IOException {
        json.writeStringField("startId", copy.startId());
        json.writeObjectFieldStart("requests");
        for (Map.Entry<Outcome, Long> outcome : copy.outcomes().entrySet()) {
            json.writeNumberField(outcome.getKey().label(), outcome.getValue());
        }
        json.writeEndObject();
        json.writeNumberField("errors", copy.errors());
        json.writeNumberField("refusedConnects", copy.refusedConnects());
        json.writeObjectFieldStart("latency");
        json.writeNumberField("sumNanos", copy.latency().sumNanos());
        json.writeArrayFieldStart("buckets");
        copy.latency().<IOException>forEach((lower, upper, count) -> {
            json.writeStartArray();
            json.writeNumber(lower);
            json.writeNumber(upper);
            json.writeNumber(count);
            json.writeEndArray();
        });
        json.writeEndArray();
        json.writeEndObject();
    }
}
