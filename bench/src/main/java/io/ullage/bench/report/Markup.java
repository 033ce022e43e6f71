package io.ullage.bench.report;

import java.util.List;
import java.util.Locale;

/** Pieces of HTML and SVG that all plots share. */
final class Markup {
  /** Distinct also to people who see few colours; the first is ours. */
  private static final List<String> COLOURS =
      List.of(
          "#0b6e4f", "#d1495b", "#3066be", "#e09f3e", "#7b4fa3", "#3a9ea5", "#8d6a4f", "#5c6670",
          "#b0578d");

  private Markup() {}

  /** Text as the contents of an element or an attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
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

  static String text(double x, double y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x,
        y,
        anchor,
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
}
