package io.ullage.tool.terminal;

import static org.jline.utils.AttributedStyle.DEFAULT;
import static org.jline.utils.AttributedStyle.GREEN;
import static org.jline.utils.AttributedStyle.YELLOW;

import io.ullage.core.ComponentFigures;
import io.ullage.core.MemorySnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;

/** Draws components: used, reserved, limit and peak of each with all below it, the root on top. */
public final class ComponentTable {
  private static final String ROOT = "root";
  private static final int LEAST_NAME_COLUMNS = 10;
  private static final int MOST_NAME_COLUMNS = 40;
  private static final int FIGURE_COLUMNS = 48;
  private static final int LEAST_BAR_COLUMNS = 8;
  private static final int MOST_BAR_COLUMNS = 40;

  /** Above this share of its limit a component's bar turns from green to yellow. */
  private static final double CLOSE_TO_LIMIT = 0.9;

  private ComponentTable() {}

  /** A heading and a line for each component, by name. */
  public static List<AttributedString> draw(MemorySnapshot snapshot, int columns) {
    return draw(snapshot, Comparator.comparing(ComponentFigures::path), columns);
  }

  /** A heading and a line for each component, the root first, the others in an order. */
  public static List<AttributedString> draw(
      MemorySnapshot snapshot, Comparator<ComponentFigures> order, int columns) {
    List<ComponentFigures> rows = new ArrayList<>(snapshot.components().values());
    rows.sort(
        Comparator.comparing((ComponentFigures row) -> !row.path().equals(ROOT))
            .thenComparing(order));
    int longest = rows.stream().mapToInt(row -> row.path().length()).max().orElse(0);
    int nameColumns = Math.clamp(longest, LEAST_NAME_COLUMNS, MOST_NAME_COLUMNS);
    String format = "%-" + nameColumns + "s %11s %11s %11s %11s";
    int bar = Math.min(columns - nameColumns - FIGURE_COLUMNS - 2, MOST_BAR_COLUMNS);
    List<AttributedString> lines = new ArrayList<>();
    lines.add(
        new AttributedString(
            format.formatted("component", "used", "reserved", "limit", "peak"), DEFAULT.faint()));
    for (ComponentFigures row : rows) {
      lines.add(line(row, format, nameColumns, bar));
    }
    return lines;
  }

  private static AttributedString line(
      ComponentFigures row, String format, int nameColumns, int barColumns) {
    boolean limited = row.limitBytes() != Long.MAX_VALUE;
    long reserved = row.total().reservedBytes();
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.append(
        format.formatted(
            shortened(row.path(), nameColumns),
            FixedSize.of(row.total().usedBytes()),
            FixedSize.of(reserved),
            limited ? FixedSize.of(row.limitBytes()) : "none",
            FixedSize.of(row.peakReservedBytes())));
    if (limited && barColumns >= LEAST_BAR_COLUMNS) {
      boolean close = reserved > CLOSE_TO_LIMIT * row.limitBytes();
      line.append("  ");
      line.append(
          Gauge.bar(
              reserved, row.limitBytes(), barColumns, DEFAULT.foreground(close ? YELLOW : GREEN)));
    }
    return line.toAttributedString();
  }

  /** The end of a path says more than its beginning. */
  private static String shortened(String path, int columns) {
    return path.length() <= columns ? path : "…" + path.substring(path.length() - columns + 1);
  }
}
