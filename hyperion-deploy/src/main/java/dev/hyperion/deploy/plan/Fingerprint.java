// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.plan;

import dev.hyperion.spi.ObservedApplication;
import dev.hyperion.spi.ObservedRoute;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * What a plan rests on: the versions that run, their artifacts, their numbers of replicas and their shares of the traffic.
 * If one of them changes, the plan is about another world.
 *
 * <p>Thread-safety: immutable.
 *
 * @param facts one line each, in order
 */
public record Fingerprint(List<String> facts) {
    /** Puts the lines in order. */
    public Fingerprint {
        List<String> sorted = new ArrayList<>(facts);
        Collections.sort(sorted);
        facts = List.copyOf(sorted);
    }

    /**
     * Takes a fingerprint.
     *
     * @param groups what the backend has
     * @param route what the router does
     * @param countsReplicas whether the number of replicas is ours; false if an autoscaler owns it
     * @return the fingerprint
     */
    public static Fingerprint of(ObservedApplication groups, ObservedRoute route, boolean countsReplicas) {
        List<String> facts = new ArrayList<>();
        groups.groups()
                .forEach(group -> facts.add("version " + group.id().version() + " runs artifact "
                        + group.artifactDigest()
                                .substring(
                                        0, Math.min(12, group.artifactDigest().length()))
                        + (countsReplicas ? " with " + group.desiredReplicas() + " replicas" : "")));
        route.versions().forEach((version, share) -> {
            if (share.wanted() > 0) {
                facts.add("version " + version + " gets " + share.wanted() / 100.0 + " % of the traffic");
            }
        });
        return new Fingerprint(facts);
    }

    /**
     * The digest of the facts.
     *
     * @return SHA-256, 64 hexadecimal digits
     */
    public String digest() {
        return digest(String.join("\n", facts));
    }

    /**
     * The digest of a text.
     *
     * @param text anything
     * @return SHA-256, 64 hexadecimal digits
     */
    public static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
