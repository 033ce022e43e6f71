package io.ullage.stress;

import io.ullage.tool.frame.FailurePrinter;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/**
 * The main class of {@code jcstress.jar}: {@code ullage stress}, or jcstress itself when given
 * options of jcstress's. Its forks inherit the options of this JVM.
 */
public final class StressMain {
  private static final Set<String> OWN_OPTIONS =
      Set.of(
          "--smoke",
          "--quick",
          "--full",
          "--json",
          "--results",
          "--help",
          "--version",
          "--debug",
          "soak");

  private StressMain() {}

  /**
   * Runs the tests that the arguments select; a failed test ends the JVM with a code that is not
   * zero.
   */
  public static void main(String[] arguments) throws Exception {
    List<String> given = List.of(arguments);
    if (isOwn(given)) {
      System.exit(commandLine(given.contains(FailurePrinter.DEBUG)).execute(arguments));
    } else {
      org.openjdk.jcstress.Main.main(arguments);
    }
  }

  /** Ours: what names an option of ours, and what has no option at all. */
  static boolean isOwn(List<String> arguments) {
    return arguments.stream().noneMatch(argument -> argument.startsWith("-"))
        || arguments.stream().anyMatch(argument -> OWN_OPTIONS.contains(argument.split("=", 2)[0]));
  }

  static CommandLine commandLine(boolean debug) {
    FailurePrinter failures = new FailurePrinter(() -> debug);
    CommandLine command = new CommandLine(new StressCommand());
    command
        .getCommandSpec()
        .mixinStandardHelpOptions(true)
        .versionProvider(new Version())
        .addOption(
            OptionSpec.builder(FailurePrinter.DEBUG)
                .description("Print a stack trace when something fails.")
                .scopeType(ScopeType.INHERIT)
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
      String version = StressMain.class.getPackage().getImplementationVersion();
      return new String[] {"ullage stress " + (version == null ? "(not packaged)" : version)};
    }
  }
}
