// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.deploy.ArtifactRef;
import java.util.Optional;

/**
 * Runs replicas. Level-triggered: it is told what should be, brings that about by itself, and tells what is. It keeps
 * replicas at the asked number after it was restarted, and never touches what it does not own.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface DeployBackend extends AutoCloseable {
    /**
     * What it can do.
     *
     * @return always the same
     */
    BackendCapabilities capabilities();

    /**
     * Fetches an artifact, checks its digest and keeps it. An artifact with a digest that is kept already is not fetched
     * again, so this also proves that a version can be brought back.
     *
     * @param artifact what to fetch
     * @param deadline how long there is
     * @return where it is kept, with its digest
     * @throws dev.hyperion.PluginException if it is not there, is not safe to unpack, or has another digest; then nothing
     *     is kept
     */
    PreparedArtifact prepare(ArtifactRef artifact, Deadline deadline);

    /**
     * Tells what there is.
     *
     * @param application whose
     * @param deadline how long there is
     * @return groups and replicas; without groups if nothing of it is there
     */
    ObservedApplication observe(ApplicationId application, Deadline deadline);

    /**
     * Makes sure that a group has so many replicas. Returns once that is accepted and durable; how far it is tells
     * {@link #observe}. Fewer replicas: those that are draining end first.
     *
     * @param group the group, with everything needed to make replicas
     * @param replicas how many, 0 or more
     * @param mutation who wants it
     * @param deadline how long there is
     * @return the new generation
     */
    Applied ensure(GroupSpec group, int replicas, Mutation mutation, Deadline deadline);

    /**
     * Chooses the replicas that are to end when only so many are kept, and takes them out of the route target. They go on
     * running and answering. Asking to keep at least as many as there are takes a drain back.
     *
     * @param group which group
     * @param keep how many stay in service, 0 or more
     * @param mutation who wants it
     * @param deadline how long there is
     * @return the new generation
     */
    Applied drain(GroupId group, int keep, Mutation mutation, Deadline deadline);

    /**
     * Ends all replicas of a group and forgets it. Artifacts stay. A group that is not there is retired already.
     *
     * @param group which group
     * @param mutation who wants it
     * @param deadline how long there is
     * @return the new generation
     */
    Applied retire(GroupId group, Mutation mutation, Deadline deadline);

    /**
     * What it measures of replicas, such as {@code cpu.utilization} and {@code memory.usage}.
     *
     * @return empty if it measures nothing; closed with the backend
     */
    default Optional<MetricSource> metrics() {
        return Optional.empty();
    }

    /** Lets go of everything but the replicas, which go on running. */
    @Override
    void close();
}
