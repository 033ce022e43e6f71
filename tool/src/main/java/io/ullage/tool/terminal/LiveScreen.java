package io.ullage.tool.terminal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of the terminal behind stderr that are redrawn in place, only what changed. For one
 * thread.
 */
public final class LiveScreen implements AutoCloseable {
  private final Terminal terminal;
  private final Display display;
  private final @Nullable Attributes before;
  private int shownLines;

  private LiveScreen(Terminal terminal, boolean withKeys) {
    this.terminal = terminal;
    this.before = withKeys ? terminal.enterRawMode() : null;
    this.display = new Display(terminal, false);
    terminal.puts(Capability.cursor_invisible);
  }

  /** A screen, if stderr is a terminal that can move its cursor. */
  public static Optional<LiveScreen> open() {
    return open(false);
  }

  /** A screen that also takes keys, if stdin is a terminal, too. */
  public static Optional<LiveScreen> openWithKeys() {
    return open(true);
  }

  private static Optional<LiveScreen> open(boolean withKeys) {
    if ("dumb".equals(System.getenv("TERM"))) {
      return Optional.empty();
    }
    try {
      TerminalProvider provider = TerminalProvider.load("ffm");
      if (!provider.isSystemStream(SystemStream.Error)) {
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
      boolean keys = withKeys && provider.isSystemStream(SystemStream.Input);
      return Optional.of(new LiveScreen(terminal, keys));
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

  /** Whether {@link #key} can ever return one. */
  public boolean takesKeys() {
    return before != null;
  }

  /**
   * Waits for a key.
   *
   * @return its character; empty when none came in time, or none can come
   */
  public OptionalInt key(Duration atMost) throws IOException, InterruptedException {
    if (before == null) {
      TimeUnit.MILLISECONDS.sleep(atMost.toMillis());
      return OptionalInt.empty();
    }
    int key = terminal.reader().read(atMost.toMillis());
    if (key == NonBlockingReader.EOF) {
      // The terminal is gone; the next wait must not return at once for ever.
      TimeUnit.MILLISECONDS.sleep(atMost.toMillis());
    }
    return key < 0 ? OptionalInt.empty() : OptionalInt.of(key);
  }

  /** How many lines there is room for. */
  public int rows() {
    int rows = terminal.getSize().getRows();
    return rows > 1 ? rows - 1 : 23;
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
    if (before != null) {
      terminal.setAttributes(before);
    }
    terminal.flush();
    try {
      terminal.close();
    } catch (IOException nothingLeftToShow) {
      return;
    }
  }
}
