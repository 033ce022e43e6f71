package io.ullage.bench;

import io.ullage.bench.run.BenchCommand;
import io.ullage.tool.frame.FailurePrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/**
 * The main class of {@code benchmarks.jar}: {@code ullage bench}, or JMH itself when given options
 * of JMH's.
 *
 * <p>{@code --smoke} runs every benchmark once and shortly, to show that it runs.
 */
public final class BenchMain {
  private static final Set<String> OWN_OPTIONS =
      Set.of(
          "--quick",
          "--full",
          "--continue",
          "--json",
          "--results",
          "--help",
          "--version",
          "--debug",
          "growth",
          "report",
          "system",
          "takeover");

  private BenchMain() {}

  /** Runs the benchmarks that the arguments select. */
  public static void main(String[] arguments) throws Exception {
    List<String> remaining = new ArrayList<>(List.of(arguments));
    if (remaining.remove("--smoke")) {
      System.exit(SmokeRun.run(remaining));
    } else if (isOwn(remaining)) {
      System.exit(commandLine(remaining.contains(FailurePrinter.DEBUG)).execute(arguments));
    } else {
      org.openjdk.jmh.Main.main(arguments);
    }
  }

  /** Ours: what names an option of ours, and what has no option at all. */
  static boolean isOwn(List<String> arguments) {
    return arguments.stream().noneMatch(argument -> argument.startsWith("-"))
        || arguments.stream().anyMatch(argument -> OWN_OPTIONS.contains(argument.split("=", 2)[0]));
  }

  static CommandLine commandLine(boolean debug) {
    FailurePrinter failures = new FailurePrinter(() -> debug);
    CommandLine command = new CommandLine(new BenchCommand());
    command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
    command
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder(FailurePrinter.DEBUG)
                .description("Print a stack trace when something fails.")
                .scopeType(CommandLine.ScopeType.INHERIT)
                .build());
    return command
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures);
  }

  /** Reads the version from the jar's manifest. */
  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = BenchMain.class.getPackage().getImplementationVersion();
      return new String[] {"ullage bench " + (version == null ? "(not packaged)" : version)};
    }
  }
}
