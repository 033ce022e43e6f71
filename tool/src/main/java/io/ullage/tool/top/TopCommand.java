package io.ullage.tool.top;

import io.ullage.tool.frame.BadValue;
import io.ullage.tool.frame.CommandFailure;
import io.ullage.tool.frame.ExitCode;
import io.ullage.tool.frame.Failure;
import io.ullage.tool.frame.JsonLine;
import io.ullage.tool.frame.JsonOption;
import io.ullage.tool.terminal.ComponentTable;
import io.ullage.tool.terminal.LiveScreen;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
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
    description =
        "Show the memory of running programs, component by component, from their counters.")
public final class TopCommand implements Callable<Integer> {
  private static final long PERIOD_SECONDS = 1;
  private static final int PLAIN_COLUMNS = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "PID|FILE",
      description = "One program, by its process id or its counter file. Default: all that run.")
  private @Nullable String program;

  @Option(names = "--once", description = "Show the figures once and end.")
  private boolean once;

  @Mixin private JsonOption json = new JsonOption();

  /** Made by the command line. */
  public TopCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<ProgramFigures> programs = read();
    if (programs.isEmpty()) {
      throw new CommandFailure(new Failure(ExitCode.FAILED, "none", none()));
    }
    if (once || json.isOn()) {
      print(programs);
      while (!once) {
        TimeUnit.SECONDS.sleep(PERIOD_SECONDS);
        print(read());
      }
      return ExitCode.OK;
    }
    Optional<LiveScreen> live = LiveScreen.open();
    if (live.isEmpty()) {
      while (true) {
        print(read());
        TimeUnit.SECONDS.sleep(PERIOD_SECONDS);
      }
    }
    try (LiveScreen screen = live.get()) {
      while (true) {
        screen.show(draw(read(), screen.columns()));
        TimeUnit.SECONDS.sleep(PERIOD_SECONDS);
      }
    }
  }

  private List<ProgramFigures> read() throws IOException {
    String named = program;
    List<ProgramFigures> found = new ArrayList<>();
    if (named != null && !named.matches("[0-9]{1,18}")) {
      Path file = Path.of(named);
      if (!Files.exists(file)) {
        throw BadValue.of(spec, "PID|FILE", named, "are process ids and counter files");
      }
      found.add(
          CounterFiles.read(file)
              .orElseThrow(() -> BadValue.of(spec, "PID|FILE", named, "are files of counters")));
      return found;
    }
    for (Path file : CounterFiles.all()) {
      CounterFiles.read(file)
          .filter(
              figures -> named == null ? figures.alive() : figures.pid() == Long.parseLong(named))
          .ifPresent(found::add);
    }
    return found;
  }

  private String none() {
    return program == null
        ? "no running program has a counter file in " + CounterFiles.folders()
        : "process " + program + " has no counter file in " + CounterFiles.folders();
  }

  private void print(List<ProgramFigures> programs) {
    PrintWriter out = spec.commandLine().getOut();
    if (json.isOn()) {
      programs.forEach(figures -> out.println(JsonLine.of(figures.toJson())));
    } else {
      draw(programs, PLAIN_COLUMNS).forEach(out::println);
    }
    out.flush();
  }

  private static List<AttributedString> draw(List<ProgramFigures> programs, int columns) {
    List<AttributedString> lines = new ArrayList<>();
    for (ProgramFigures figures : programs) {
      lines.add(
          new AttributedString(
              "pid %d%s  %s"
                  .formatted(figures.pid(), figures.alive() ? "" : " (dead)", figures.file()),
              AttributedStyle.DEFAULT.bold()));
      lines.addAll(ComponentTable.draw(figures.snapshot(), columns));
      lines.add(AttributedString.EMPTY);
    }
    return lines;
  }
}
