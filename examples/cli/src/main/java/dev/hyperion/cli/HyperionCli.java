// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import dev.hyperion.cli.demo.DemoCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code hyperion_cli}: operates a running instance, or is one. */
@Command(
        name = "hyperion_cli",
        description = "Measure, alert, scale, deploy and roll back.",
        mixinStandardHelpOptions = true,
        version = "hyperion_cli 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            MonitorCommand.class,
            AutoscaleCommand.class,
            DeployCommand.class,
            ReadinessCommand.class,
            PluginsCommand.class,
            ServeCommand.class,
            DemoCommand.class
        })
public final class HyperionCli {
    /** Done. */
    public static final int DONE = 0;

    /** Refused or failed. */
    public static final int REFUSED = 1;

    /** The command was not understood. */
    public static final int USAGE = 2;

    /** No instance was reached. */
    public static final int UNREACHABLE = 3;

    /** For picocli. */
    public HyperionCli() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the command
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs one command.
     *
     * @param args the command
     * @return its exit code
     */
    public static int run(String... args) {
        CommandLine line = new CommandLine(new HyperionCli());
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(command, e));
        line.setParameterExceptionHandler((e, parsed) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println("error: " + e.getMessage());
            err.println("see: " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return USAGE;
        });
        if (args.length == 0) {
            line.usage(System.out);
            return USAGE;
        }
        return line.execute(args);
    }

    /** One line for people, whatever it was. */
    private static int failed(CommandLine command, Exception e) {
        command.getErr().println("error: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        return e instanceof UnreachableException ? UNREACHABLE : REFUSED;
    }
}
