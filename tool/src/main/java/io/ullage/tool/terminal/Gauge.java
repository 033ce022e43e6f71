package io.ullage.tool.terminal;

import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Draws amounts as bars, in eighths of a character. */
public final class Gauge {
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";
  private static final char EMPTY = '·';

  /**
   * A part of a bar.
   *
   * @param amount how much, zero or more
   * @param fill the character that it is drawn with
   * @param style its colour
   */
  public record Part(long amount, char fill, AttributedStyle style) {}

  private Gauge() {}

  /** A bar that is filled up to a share of {@code whole}. */
  public static AttributedString bar(long amount, long whole, int columns, AttributedStyle style) {
    double share = whole <= 0 ? 0 : Math.clamp((double) amount / whole, 0, 1);
    int eighths = (int) Math.round(share * columns * 8);
    AttributedStringBuilder line = new AttributedStringBuilder();
    StringBuilder filled = new StringBuilder("█".repeat(eighths / 8));
    if (eighths % 8 != 0) {
      filled.append(EIGHTHS.charAt(eighths % 8));
    }
    line.styled(style, filled);
    line.styled(
        AttributedStyle.DEFAULT.faint(), String.valueOf(EMPTY).repeat(columns - filled.length()));
    return line.toAttributedString();
  }

  /**
   * A bar of parts in proportion to one another. A part that is not zero has one column at least,
   * as long as there are columns.
   */
  public static AttributedString parts(List<Part> parts, int columns) {
    double total = parts.stream().mapToDouble(Part::amount).sum();
    AttributedStringBuilder line = new AttributedStringBuilder();
    if (total == 0) {
      line.styled(AttributedStyle.DEFAULT.faint(), String.valueOf(EMPTY).repeat(columns));
      return line.toAttributedString();
    }
    int left = columns;
    double amountLeft = total;
    for (Part part : parts) {
      if (part.amount() > 0) {
        int width = (int) Math.round(left * (part.amount() / amountLeft));
        width = Math.clamp(width, Math.min(1, left), left);
        line.styled(part.style(), String.valueOf(part.fill()).repeat(width));
        left -= width;
        amountLeft -= part.amount();
      }
    }
    return line.toAttributedString();
  }
}
