// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.io.IOException;
import java.net.BindException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.NanoTime;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One router: traffic port, admin port and state folder. Traffic and administration have servers and threads of their own, so
 * that no load on the one makes the other unreachable.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    /** How long idle connections may stay open after the router was asked to stop, to hear that they should close. */
    private static final Duration LINGER = Duration.ofMillis(500);

    private final RouterOptions options;
    private final StateFolder folder;
    private final Dispatcher dispatcher;
    private final TrafficHandler trafficHandler;
    private final Server traffic;
    private final ServerConnector trafficConnector;
    private final Server admin;
    private final RouterIdentity identity;
    private final CountDownLatch stopAsked = new CountDownLatch(1);

    private Router(RouterOptions options, StateFolder folder) throws Exception {
        this.options = options;
        this.folder = folder;
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        String startId = HexFormat.of().formatHex(random);
        this.dispatcher = new Dispatcher(startId, System::nanoTime);
        TableKeeper keeper = new TableKeeper(folder, dispatcher);

        QueuedThreadPool workers = new QueuedThreadPool(64, 4);
        workers.setName("traffic");
        this.traffic = new Server(workers);
        this.trafficHandler =
                new TrafficHandler(dispatcher, workers, options.requestTimeout(), options.connectTimeout());
        traffic.setHandler(trafficHandler);
        traffic.setStopTimeout(0);
        this.trafficConnector = connector(traffic, options.host(), options.trafficPort());
        // A client is silent while its replica thinks; only then is the replica's time out to come first.
        trafficConnector.setIdleTimeout(options.requestTimeout().plusSeconds(5).toMillis());
        trafficConnector.setAcceptQueueSize(1024);

        QueuedThreadPool few = new QueuedThreadPool(8, 2);
        few.setName("admin");
        this.admin = new Server(few);
        ServerConnector adminConnector = connector(admin, "127.0.0.1", options.adminPort());

        // Both ports are taken before either is told, and nothing is served before the table is there.
        open(trafficConnector, options.host(), "--traffic-port");
        open(adminConnector, "127.0.0.1", "--admin-port");
        this.identity = new RouterIdentity(
                RouterIdentity.thisBoot(),
                startId,
                ProcessHandle.current().pid(),
                RouterIdentity.ownStartTicks(),
                trafficConnector.getLocalPort(),
                adminConnector.getLocalPort());
        admin.setHandler(new AdminHandler(identity, options.token(), keeper, dispatcher, stopAsked::countDown));
    }

    private static ServerConnector connector(Server server, String host, int port) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        server.addConnector(connector);
        return connector;
    }

    private static void open(ServerConnector connector, String host, String option) throws IOException, RouterRefusal {
        try {
            connector.open();
        } catch (IOException e) {
            if (e instanceof BindException || e.getCause() instanceof BindException) {
                throw new RouterRefusal(
                        option + " " + connector.getPort() + " on " + host
                                + " is in use or not allowed; free it or choose another",
                        e);
            }
            throw e;
        }
    }

    /**
     * Starts a router; returns when it serves.
     *
     * @throws RouterRefusal if folder or ports are not to be had
     */
    @SuppressWarnings("resource") // the folder belongs to the router from then on
    static Router start(RouterOptions options) throws Exception {
        StateFolder folder = StateFolder.open(options.stateFolder());
        Router router = null;
        try {
            router = new Router(options, folder);
            router.traffic.start();
            router.admin.start();
            folder.writeIdentity(AdminJson.identity(router.identity));
            LOG.info(
                    "{} serves table {}",
                    router.identity,
                    router.dispatcher.view().table());
            return router;
        } catch (Exception e) {
            // Jetty's life cycle throws whatever a part of it threw; the caller tells it, here things are put away.
            if (router != null) {
                router.traffic.stop();
                router.admin.stop();
            }
            folder.close();
            throw e;
        }
    }

    RouterIdentity identity() {
        return identity;
    }

    /** Returns when someone asked over the admin port to stop. */
    void awaitStopAsked() throws InterruptedException {
        stopAsked.await();
    }

    /**
     * Takes no more connections, lets the requests in flight end, and stops. Requests that still come on open connections are
     * served and told to close them.
     */
    synchronized void stop() throws Exception {
        if (traffic.isStopped()) {
            return;
        }
        trafficHandler.closeConnections();
        trafficConnector.close();
        long asked = NanoTime.now();
        long longest = options.drainTimeout().toNanos();
        boolean quiet = false;
        while (!quiet && NanoTime.since(asked) < longest) {
            TimeUnit.MILLISECONDS.sleep(10);
            boolean unused = trafficConnector.getConnectedEndPoints().isEmpty();
            quiet = dispatcher.inFlight() == 0 && (unused || NanoTime.since(asked) > LINGER.toNanos());
        }
        int left = dispatcher.inFlight();
        if (left > 0) {
            LOG.warn(
                    "{} requests did not end within {} ms and are broken off",
                    left,
                    options.drainTimeout().toMillis());
        }
        traffic.stop();
        admin.stop();
        folder.close();
        LOG.info("stopped");
    }
}
