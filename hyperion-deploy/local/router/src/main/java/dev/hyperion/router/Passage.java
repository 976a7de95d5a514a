// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request on its way through: its version, fixed when it came in, and the replica that it goes to.
 *
 * <p>Thread-safety: thread-safe; the replica changes only under the dispatcher's lock.
 */
final class Passage {
    private final String version;
    private final VersionStats stats;
    private final List<Replica> tried = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Replica replica;
    private volatile boolean sending;
    private volatile boolean clientGone;

    Passage(String version, VersionStats stats, Replica replica) {
        this.version = version;
        this.stats = stats;
        this.replica = replica;
        tried.add(replica);
    }

    String version() {
        return version;
    }

    VersionStats stats() {
        return stats;
    }

    Replica replica() {
        return replica;
    }

    /** The replicas tried so far, the present one last. Only under the dispatcher's lock. */
    List<Replica> tried() {
        return tried;
    }

    /** Moves on to another replica. Only under the dispatcher's lock. */
    void moveTo(Replica next) {
        replica = next;
        tried.add(next);
    }

    /** From here on a replica might have seen the request: it is not sent to another one any more. */
    void sendingBegins() {
        sending = true;
    }

    boolean mightHaveBeenSeen() {
        return sending;
    }

    /** The client stopped reading or writing: what goes wrong afterwards is not the version's fault. */
    void clientLeft() {
        clientGone = true;
    }

    boolean clientGone() {
        return clientGone;
    }

    /** True for the first caller only. */
    boolean end() {
        return over.compareAndSet(false, true);
    }
}
