package io.ullage.tool.terminal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * Some lines of the terminal behind stderr that are redrawn in place, only what changed. For one
 * thread.
 */
public final class LiveScreen implements AutoCloseable {
  private final Terminal terminal;
  private final Display display;
  private int shownLines;

  private LiveScreen(Terminal terminal) {
    this.terminal = terminal;
    this.display = new Display(terminal, false);
    terminal.puts(Capability.cursor_invisible);
  }

  /** A screen, if stderr is a terminal that can move its cursor. */
  public static Optional<LiveScreen> open() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return Optional.empty();
    }
    try {
      if (!TerminalProvider.load("ffm").isSystemStream(SystemStream.Error)) {
        return Optional.empty();
      }
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .provider("ffm")
              .systemOutput(SystemOutput.ForcedSysErr)
              .nativeSignals(false)
              .graphemeCluster(false)
              .dumb(false)
              .build();
      return Optional.of(new LiveScreen(terminal));
    } catch (IOException | IllegalStateException noTerminal) {
      return Optional.empty();
    }
  }

  /** Shows these lines in place of those shown before; what is too wide or too high is cut off. */
  public void show(List<AttributedString> lines) {
    Size size = terminal.getSize();
    // Zero is what a terminal without a size answers.
    int columns = size.getColumns() > 0 ? size.getColumns() : 80;
    int rows = size.getRows() > 0 ? size.getRows() : 24;
    display.resize(Size.of(columns, rows));
    List<AttributedString> cut =
        lines.stream()
            .limit(rows - 1L)
            .map(line -> line.columnSubSequence(0, columns - 1))
            .toList();
    display.update(cut, 0);
    shownLines = cut.size();
  }

  /** How many columns a line may have. */
  public int columns() {
    int columns = terminal.getSize().getColumns();
    return columns > 1 ? columns - 1 : 79;
  }

  /** Leaves the last lines standing, with the cursor below them. */
  @Override
  public void close() {
    for (int i = 0; i < shownLines; i++) {
      terminal.writer().println();
    }
    terminal.puts(Capability.cursor_normal);
    terminal.flush();
    try {
      terminal.close();
    } catch (IOException nothingLeftToShow) {
      return;
    }
  }
}
