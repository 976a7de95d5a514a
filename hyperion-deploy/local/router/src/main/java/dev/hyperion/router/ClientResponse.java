// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer on its way to the client. It notices when the client stops reading: what the replica's connection suffers
 * afterwards is not the replica's fault.
 *
 * <p>Thread-safety: as the response it wraps: one writer at a time.
 */
final class ClientResponse extends Response.Wrapper {
    private final Passage passage;

    ClientResponse(Request request, Response response, Passage passage) {
        super(request, response);
        this.passage = passage;
    }

    @Override
    public void write(boolean last, ByteBuffer content, Callback callback) {
        super.write(last, content, new Callback.Nested(callback) {
            @Override
            public void failed(Throwable failure) {
                passage.clientLeft();
                super.failed(failure);
            }
        });
    }
}
