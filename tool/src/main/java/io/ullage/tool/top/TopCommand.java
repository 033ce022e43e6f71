package io.ullage.tool.top;

import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import io.ullage.tool.terminal.LiveScreen;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ullage top}. */
@Command(
    name = "top",
    description = {
      "Show the memory of running programs, component by component, from their counters.",
      "It only reads. A program that ends while it is watched stays, marked as dead."
    },
    footer = {
      "",
      "In a terminal: q quits, s sorts by the next column, r reverses, the arrows scroll,",
      "1 to 9 choose one program, 0 shows all.",
      "",
      "Examples:",
      "  ullage top                    @|faint all programs that run|@",
      "  ullage top 4711 --sort used   @|faint one, the largest component first|@",
      "  ullage top --once --json      @|faint one line for each, for scripts|@"
    })
public final class TopCommand implements Callable<Integer> {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int PLAIN_COLUMNS = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "PID|FILE",
      description = "One program, by its process id or its counter file. Default: all that run.")
  private @Nullable String program;

  @Option(names = "--once", description = "Show the figures once and end.")
  private boolean once;

  @Option(
      names = "--sort",
      paramLabel = "COLUMN",
      description = "Sort by one of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
      defaultValue = "name")
  private SortOrder sort = SortOrder.NAME;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command line. */
  public TopCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    ProgramWatch watch = new ProgramWatch(program);
    check(watch);
    List<ProgramFigures> programs = watch.read();
    if (programs.isEmpty()) {
      throw new CommandFailure(new Failure(ExitCode.FAILED, "none", none()));
    }
    TopScreen view = new TopScreen(sort);
    if (once) {
      print(view, programs);
      return ExitCode.OK;
    }
    Optional<LiveScreen> live = json.isOn() ? Optional.empty() : LiveScreen.openWithKeys();
    if (live.isPresent()) {
      try (LiveScreen screen = live.get()) {
        show(view, watch, screen);
      }
    } else {
      print(view, programs);
      while (programs.stream().anyMatch(ProgramFigures::alive)) {
        TimeUnit.MILLISECONDS.sleep(PERIOD.toMillis());
        programs = watch.read();
        print(view, programs);
      }
    }
    return ExitCode.OK;
  }

  private void check(ProgramWatch watch) {
    String named = String.valueOf(program);
    if (watch.namesNothing()) {
      throw BadValue.of(spec, "PID|FILE", named, "are process ids and counter files");
    }
    if (watch.namesSomethingElse()) {
      throw BadValue.of(spec, "PID|FILE", named, "are files of counters");
    }
  }

  /** Shows until a key ends it; programs that end meanwhile stay, as dead. */
  private static void show(TopScreen view, ProgramWatch watch, LiveScreen screen)
      throws IOException, InterruptedException {
    while (true) {
      screen.show(view.draw(watch.read(), screen.columns(), screen.rows(), screen.takesKeys()));
      OptionalInt key = screen.key(PERIOD);
      if (key.isPresent() && !view.press(key.getAsInt())) {
        return;
      }
    }
  }

  private String none() {
    return program == null
        ? "no running program has a counter file in " + CounterFiles.folders()
        : "process " + program + " has no counter file in " + CounterFiles.folders();
  }

  private void print(TopScreen view, List<ProgramFigures> programs) {
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      programs.forEach(figures -> out.println(JsonLine.of(figures.toJson())));
    } else {
      view.draw(programs, PLAIN_COLUMNS, Integer.MAX_VALUE, false).forEach(out::println);
    }
    out.flush();
  }
}
