package io.ullage.tool.frame;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Says what went wrong: one line of stderr, a stack trace only with {@code --debug}, and with
 * {@code --json} one object as the last line of stdout.
 */
public final class FailurePrinter
    implements IExecutionExceptionHandler, IParameterExceptionHandler {
  /** The name of the inherited option that asks for stack traces. */
  public static final String DEBUG = "--debug";

  private final BooleanSupplier debug;

  /**
   * A printer.
   *
   * @param debug whether {@code --debug} was given, once parsing has succeeded
   */
  public FailurePrinter(BooleanSupplier debug) {
    this.debug = debug;
  }

  @Override
  public int handleParseException(ParameterException thrown, String[] arguments) {
    // The parser may have stopped before it reached these options.
    List<String> own = Arrays.asList(arguments);
    int end = own.indexOf("--");
    own = end < 0 ? own : own.subList(0, end);
    Failure failure = Failure.usage(String.valueOf(thrown.getMessage()));
    return print(
        thrown.getCommandLine(),
        thrown,
        failure,
        Map.of(),
        own.contains(JsonOption.NAME),
        own.contains(DEBUG));
  }

  @Override
  public int handleExecutionException(
      Exception thrown, CommandLine command, @Nullable ParseResult parsed) {
    Map<String, @Nullable Object> figures =
        thrown instanceof CommandFailure known ? known.figures() : Map.of();
    return print(
        command,
        thrown,
        Failure.of(thrown),
        figures,
        command.getParseResult().hasMatchedOption(JsonOption.NAME),
        debug.getAsBoolean());
  }

  private static int print(
      CommandLine command,
      Exception thrown,
      Failure failure,
      Map<String, @Nullable Object> figures,
      boolean json,
      boolean debug) {
    if (debug) {
      thrown.printStackTrace(command.getErr());
    }
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + failure.message());
    command.getErr().flush();
    if (json) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("ok", false);
      fields.putAll(figures);
      fields.put("error", failure.error());
      fields.put("message", failure.message());
      command.getOut().println(JsonLine.of(fields));
      command.getOut().flush();
    }
    return failure.exitCode();
  }
}
