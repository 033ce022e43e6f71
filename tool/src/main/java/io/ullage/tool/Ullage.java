package io.ullage.tool;

import io.ullage.tool.doctor.DoctorCommand;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import io.ullage.tool.frame.FailurePrinter;
import io.ullage.tool.frame.Interruption;
import io.ullage.tool.lease.LeaseCommand;
import io.ullage.tool.run.RunCommand;
import io.ullage.tool.run.SizingCommand;
import io.ullage.tool.spill.SpillStressCommand;
import io.ullage.tool.top.TopCommand;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code ullage} command: its subcommands and the options that all of them share. */
@Command(
    name = "ullage",
    description = "Bounds, attributes, spills and guards off-heap memory.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Ullage.Version.class,
    usageHelpAutoWidth = true,
    sortOptions = false,
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    descriptionHeading = "%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and every invariant held",
      "1:failed",
      "2:bad arguments or configuration",
      "70:internal or store fault",
      "74:disk full or I/O error",
      "75:lease held by somebody else",
      "76:lease lost",
      "124:deadline",
      "128+n:ended by signal n"
    })
public final class Ullage implements Runnable {
  /** The subcommands in the order in which help lists them. */
  private static final Map<String, Class<?>> COMMANDS = commands();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = FailurePrinter.DEBUG,
      scope = ScopeType.INHERIT,
      description = "Print a stack trace when something fails.")
  private boolean debug;

  private Ullage() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Interruption interruption = Interruption.arm();
    int exitCode = ExitCode.INTERNAL;
    try {
      exitCode = commandLine(arguments).execute(arguments);
    } finally {
      interruption.end();
    }
    System.exit(exitCode);
  }

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("run", RunCommand.class);
    commands.put("spill-stress", SpillStressCommand.class);
    commands.put("top", TopCommand.class);
    commands.put("lease", LeaseCommand.class);
    commands.put("doctor", DoctorCommand.class);
    commands.put("sizing", SizingCommand.class);
    commands.put("generate-completion", GenerateCompletion.class);
    return Collections.unmodifiableMap(commands);
  }

  /**
   * The command as far as some arguments need it: if the first names a subcommand, that one alone.
   * What a subcommand declares is read by reflection, which a short command need not do for all.
   */
  static CommandLine commandLine(String... arguments) {
    Ullage ullage = new Ullage();
    CommandLine commandLine = new CommandLine(ullage);
    Class<?> only = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    if (only == null || only == GenerateCompletion.class) {
      COMMANDS.forEach(commandLine::addSubcommand);
    } else {
      commandLine.addSubcommand(arguments[0], only);
    }
    FailurePrinter failures = new FailurePrinter(() -> ullage.debug);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(Ullage::execute)
        .setExecutionExceptionHandler(failures)
        .setParameterExceptionHandler(failures)
        .setExitCodeExceptionMapper(thrown -> ExitCode.INTERNAL);
  }

  /** Hands errors to the frame as well, which by default sees exceptions only. */
  private static int execute(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (Error error) {
      List<CommandLine> commands = parsed.asCommandLineList();
      throw new ExecutionException(
          commands.getLast(),
          String.valueOf(error.getMessage()),
          new CommandFailure(Failure.of(error), Map.of(), error));
    }
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing command; ullage --help lists what there is");
  }

  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Ullage.class.getPackage().getImplementationVersion();
      return new String[] {"ullage " + (version == null ? "(not packaged)" : version)};
    }
  }
}
