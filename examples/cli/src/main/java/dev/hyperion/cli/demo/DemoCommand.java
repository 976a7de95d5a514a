// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code demo}: the main job in one command. */
@Command(
        name = "demo",
        description =
                "Deploys, scales, rolls out and rolls back a real service under real traffic, in under two minutes.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Option(names = "--config", description = "Another configuration than the shipped one.")
    private @Nullable Path config;

    @Option(names = "--artifact", description = "Another service than the shipped one.")
    private @Nullable Path artifact;

    @Option(names = "--data-dir", description = "Where state is kept; a temporary folder if not given.")
    private @Nullable Path dataFolder;

    @Option(
            names = "--bad-millis",
            hidden = true,
            defaultValue = "400",
            description = "How long the bad version takes for an answer.")
    private int badMillis;

    @Option(names = "--picture", description = "Write the result as an SVG picture, too.")
    private @Nullable Path picture;

    @Spec
    private @Nullable CommandSpec spec;

    /** For picocli. */
    public DemoCommand() {}

    @Override
    public Integer call() throws Exception {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        PrintWriter out = spec.commandLine().getOut();
        Path examples = Path.of(System.getProperty("hyperion.examples", "examples"));
        Path file = config == null ? examples.resolve("configs/demo.yaml") : config;
        Path service = artifact == null ? shipped(examples) : artifact;
        Path data = dataFolder == null ? Files.createTempDirectory("hyperion-demo-") : dataFolder;
        Demo demo = new Demo(file, service, data, badMillis, out, isTerminal());
        Thread tidy = new Thread(demo::tidyUp);
        Runtime.getRuntime().addShutdownHook(tidy);
        try {
            boolean succeeded = demo.run();
            if (picture != null) {
                Files.writeString(picture, Picture.of(demo.summary()));
            }
            return succeeded ? 0 : 1;
        } finally {
            demo.tidyUp();
            Runtime.getRuntime().removeShutdownHook(tidy);
        }
    }

    private static Path shipped(Path examples) throws IOException {
        Path target = examples.resolve("embedded-service/target");
        try (var files = Files.newDirectoryStream(target, "embedded-service-*.tar.gz")) {
            return files.iterator().next();
        } catch (NoSuchFileException | NoSuchElementException e) {
            throw new IOException("the service to deploy is not built: no embedded-service-*.tar.gz in " + target
                    + "; build it, or name another with --artifact");
        }
    }

    /** Whether what is printed goes to a terminal; the demo needs Linux anyway. */
    private static boolean isTerminal() {
        try {
            String out = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return out.startsWith("/dev/pts/") || out.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
