// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import dev.hyperion.cli.operator.Discovery;
import dev.hyperion.cli.operator.Operator;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: an operator process in the foreground. */
@Command(
        name = "serve",
        description = "Runs an operator: replicas as processes of this machine, traffic through the embedded router.",
        mixinStandardHelpOptions = true)
final class ServeCommand extends MonitorCommand.Base {
    @Option(names = "--config", description = "The configuration file, such as configs/hyperion.yaml.")
    private @Nullable Path config;

    @Option(names = "--data-dir", description = "Where state is kept; ~/.hyperion/data if not given.")
    private @Nullable Path dataFolder;

    @Option(names = "--port", description = "The port of the HTTP endpoints, whatever the configuration says.")
    private @Nullable Integer port;

    @Override
    public Integer call() throws Exception {
        Path data = dataFolder == null ? Discovery.home().resolve("data") : dataFolder;
        Operator operator = Operator.start(
                Optional.ofNullable(config),
                data,
                port == null ? OptionalInt.empty() : OptionalInt.of(port),
                Discovery.usual());
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            operator.close();
            end.countDown();
        }));
        out().println("serving on " + operator.hyperion().address().orElseThrow() + ", data in "
                + data.toAbsolutePath());
        out().println("replicas and routers serve on when this ends; press Ctrl-C to end it");
        out().flush();
        end.await();
        return HyperionCli.DONE;
    }
}
