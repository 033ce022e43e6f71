package io.ullage.tool.run;

import static org.jline.utils.AttributedStyle.CYAN;
import static org.jline.utils.AttributedStyle.DEFAULT;
import static org.jline.utils.AttributedStyle.GREEN;
import static org.jline.utils.AttributedStyle.RED;

import io.ullage.tool.terminal.ComponentTable;
import io.ullage.tool.terminal.FixedSize;
import io.ullage.tool.terminal.Gauge;
import io.ullage.tool.terminal.Gauge.Part;
import io.ullage.tool.terminal.RateMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Draws a run: a table of components, the queue's regions, and how far it has got. */
final class RunScreen {
  private static final int LEAST_BAR_COLUMNS = 8;
  private static final int MOST_BAR_COLUMNS = 40;
  private static final int MOST_COLUMNS = 110;

  private final String title;

  RunScreen(String title) {
    this.title = title;
  }

  List<AttributedString> draw(RunStatus status, RateMeter rate, int terminalColumns) {
    int columns = Math.min(terminalColumns, MOST_COLUMNS);
    List<AttributedString> lines = new ArrayList<>();
    lines.add(new AttributedString(title, DEFAULT.bold()));
    lines.add(AttributedString.EMPTY);
    lines.addAll(ComponentTable.draw(status.components(), columns));
    lines.add(AttributedString.EMPTY);
    lines.addAll(queue(status.queue(), columns));
    lines.add(AttributedString.EMPTY);
    lines.add(progress(status, rate, columns));
    return lines;
  }

  private static List<AttributedString> queue(RunStatus.QueueRegions queue, int columns) {
    AttributedStyle resident = DEFAULT.foreground(GREEN);
    AttributedStyle writing = DEFAULT.foreground(RED);
    AttributedStyle disk = DEFAULT.foreground(CYAN);
    AttributedStringBuilder bar = new AttributedStringBuilder();
    bar.append("queue  ");
    bar.append(
        Gauge.parts(
            List.of(
                new Part(queue.headBytes(), '█', resident),
                new Part(queue.spilledBytes(), '░', disk),
                new Part(queue.spillingBytes(), '▒', writing),
                new Part(queue.tailBytes(), '█', resident)),
            columns - "queue  ".length()));
    AttributedStringBuilder legend = new AttributedStringBuilder();
    legend.append("       ").styled(resident, "█").append(" head ").append(size(queue.headBytes()));
    legend.append("   ").styled(disk, "░").append(" on disk ").append(size(queue.spilledBytes()));
    legend.append("   ").styled(writing, "▒").append(" being written ");
    legend.append(size(queue.spillingBytes()));
    legend.append("   ").styled(resident, "█").append(" tail ").append(size(queue.tailBytes()));
    return List.of(bar.toAttributedString(), legend.toAttributedString());
  }

  private static AttributedString progress(RunStatus status, RateMeter rate, int columns) {
    String text = progressText(status, rate);
    AttributedStringBuilder line = new AttributedStringBuilder();
    int bar = Math.min(columns - text.length() - 2, MOST_BAR_COLUMNS);
    if (bar >= LEAST_BAR_COLUMNS) {
      line.append(Gauge.bar(status.bytesOut(), status.totalBytes(), bar, DEFAULT.foreground(CYAN)));
      line.append("  ");
    }
    return line.append(text).toAttributedString();
  }

  /** Share, bytes, rate and ETA, as they also stand in the plain lines. */
  static String progressText(RunStatus status, RateMeter rate) {
    long percent =
        status.totalBytes() == 0 ? 100 : (long) (100.0 * status.bytesOut() / status.totalBytes());
    OptionalLong seconds = rate.secondsFor(status.totalBytes() - status.bytesOut());
    return "%3d %%  %s of %s  %s/s  ETA %s"
        .formatted(
            percent,
            size(status.bytesOut()),
            size(status.totalBytes()),
            size((long) rate.perSecond()),
            seconds.isEmpty() ? "--:--" : clock(seconds.getAsLong()));
  }

  private static String clock(long seconds) {
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  private static String size(long bytes) {
    return FixedSize.of(bytes);
  }
}
