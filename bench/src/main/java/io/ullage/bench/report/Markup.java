package io.ullage.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Pieces of HTML and SVG that all plots share. */
final class Markup {
  /** How many colours {@code plot.css} has. */
  private static final int COLOURS = 10;

  private static final double KIBI = 1024;

  private Markup() {}

  /** Text as the contents of an element or an attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A colour of its own for each of the first implementations; the first one is ours. */
  static String colour(int index) {
    return "var(--c" + index % COLOURS + ")";
  }

  /** A number with three digits, as axes and labels show it. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 1e9) {
      return String.format(Locale.ROOT, "%.3gG", value / 1e9);
    }
    if (size >= 1e6) {
      return String.format(Locale.ROOT, "%.3gM", value / 1e6);
    }
    if (size >= 1e4) {
      return String.format(Locale.ROOT, "%.3gk", value / 1e3);
    }
    return size >= 100
        ? String.format(Locale.ROOT, "%.0f", value)
        : size >= 10
            ? String.format(Locale.ROOT, "%.1f", value)
            : String.format(Locale.ROOT, "%.2f", value);
  }

  /** A number on an axis: without the digits that say nothing. */
  static String tick(double value) {
    String text = number(value);
    return text.contains(".") && !text.contains("e")
        ? text.replaceFirst("\\.?0+(?=[kMG]?$)", "")
        : text;
  }

  /** A number of bytes on an axis. */
  static String bytes(double value) {
    if (value >= KIBI * KIBI && value % (KIBI * KIBI) == 0) {
      return String.format(Locale.ROOT, "%.0f MiB", value / KIBI / KIBI);
    }
    return value >= KIBI && value % KIBI == 0
        ? String.format(Locale.ROOT, "%.0f KiB", value / KIBI)
        : String.format(Locale.ROOT, "%.0f B", value);
  }

  static String text(double x, double y, String anchor, String style, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>",
        x,
        y,
        anchor,
        style.isEmpty() ? "" : " class=\"" + style + "\"",
        escape(text));
  }

  static String line(double x1, double y1, double x2, double y2, String style) {
    return String.format(
        Locale.ROOT,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>",
        x1,
        y1,
        x2,
        y2,
        style);
  }

  /** The beginning of a plot that says what it is to those who do not see it. */
  static String plot(int width, int height, String title) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" viewBox=\"0 0 %d %d\""
            .formatted(width, height)
        + " role=\"img\" aria-label=\""
        + escape(title)
        + "\">";
  }

  /** A style sheet of this package. */
  static String css(String name) {
    try (InputStream stream = Markup.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new IllegalStateException(name + " cannot be read from the jar", unreadable);
    }
  }
}
