// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way to a replica. It stays whole while no replica has begun to take it, so that it can be offered
 * to another one; and it notices when the client stops sending.
 *
 * <p>Thread-safety: as the body it wraps: one reader at a time.
 */
final class ClientBody implements Request.Content {
    private final Request.Content body;
    private final Passage passage;
    private volatile boolean failed;

    ClientBody(Request.Content body, Passage passage) {
        this.body = body;
        this.passage = passage;
    }

    @Override
    public @Nullable String getContentType() {
        return body.getContentType();
    }

    @Override
    public long getLength() {
        return body.getLength();
    }

    @Override
    public Content.@Nullable Chunk read() {
        Content.Chunk chunk = body.read();
        if (!failed && Content.Chunk.isFailure(chunk)) {
            passage.clientLeft();
        }
        return chunk;
    }

    @Override
    public void demand(Runnable whenReady) {
        body.demand(whenReady);
    }

    @Override
    public void fail(Throwable failure) {
        // A connection that was refused has not touched the body; failing it would take it from the next replica.
        if (passage.mightHaveBeenSeen()) {
            failed = true;
            body.fail(failure);
        }
    }

    @Override
    public void fail(Throwable failure, boolean last) {
        if (passage.mightHaveBeenSeen()) {
            failed = true;
            body.fail(failure, last);
        }
    }

    @Override
    public boolean rewind() {
        return body.rewind();
    }
}
