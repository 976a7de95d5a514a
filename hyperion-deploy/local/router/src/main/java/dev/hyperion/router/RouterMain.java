// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/**
 * Runs a router until it is asked to stop, by {@code POST /stop} or by SIGTERM. Exit codes: 0 stopped, 1 refused or failed
 * with one line on standard error, 3 refused because another router lives in the folder, 143 after SIGTERM.
 */
public final class RouterMain {
    private RouterMain() {}

    /**
     * Starts the router and waits for its end.
     *
     * @param arguments see {@link RouterOptions#USAGE}
     */
    public static void main(String[] arguments) {
        try {
            Router router = Router.start(RouterOptions.parse(arguments, System.getenv()));
            Thread onTerm = new Thread(() -> stop(router), "stop");
            Runtime.getRuntime().addShutdownHook(onTerm);
            router.awaitStopAsked();
            System.exit(0); // runs the hook, which lets the requests in flight end
        } catch (RouterRefusal e) {
            System.err.println("hyperion-router: " + e.getMessage());
            System.exit(e.exitCode());
        } catch (Exception e) {
            // The program's last resort: whatever went wrong, its starter reads one line and an exit code.
            System.err.println("hyperion-router: cannot start: " + e);
            System.exit(1);
        }
    }

    private static void stop(Router router) {
        try {
            router.stop();
        } catch (Exception e) {
            // Jetty's life cycle throws whatever a part of it threw; the process ends all the same.
            System.err.println("hyperion-router: stopped badly: " + e);
        }
    }
}
