package io.ullage.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One plot with the numbers that it was drawn from.
 *
 * @param title what it shows
 * @param svg the plot, one SVG element
 * @param rows the numbers as a table, its head first
 */
record Figure(String title, String svg, List<List<String>> rows) {
  private static final int TITLE_HEIGHT = 30;

  /** Copies the rows. */
  Figure {
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** What a file with this plot is called, without its suffix. */
  String fileName() {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }

  /** The plot as a part of a page, its numbers below it. */
  String html() {
    List<String> table = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      String cell = row == 0 ? "<th scope=\"col\">%s</th>" : "<td>%s</td>";
      StringBuilder cells = new StringBuilder("<tr>");
      rows.get(row).forEach(text -> cells.append(cell.formatted(Markup.escape(text))));
      table.add(cells.append("</tr>").toString());
    }
    return "<figure><h3>%s</h3><div class=\"scroll\" tabindex=\"0\">%s</div>"
            .formatted(Markup.escape(title), svg)
        + "<details><summary>The numbers</summary><div class=\"scroll\" tabindex=\"0\">"
        + "<table class=\"figures\">%s</table></div></details></figure>"
            .formatted(String.join("", table));
  }

  /** The plot as a picture of its own, with its title and on a ground of its own. */
  String standalone() {
    int head = svg.indexOf('>') + 1;
    String[] box =
        svg.substring(0, head).replaceAll(".*viewBox=\"([^\"]*)\".*", "$1").split(" ", -1);
    int width = Integer.parseInt(box[2]);
    int height = Integer.parseInt(box[3]) + TITLE_HEIGHT;
    return Markup.plot(width, height, title)
        + "<style>"
        + Markup.css("plot.css")
        + "</style><rect class=\"surface\" width=\"%d\" height=\"%d\"/>".formatted(width, height)
        + "<text x=\"12\" y=\"20\" font-weight=\"600\">"
        + Markup.escape(title)
        + "</text><g transform=\"translate(0 %d)\">".formatted(TITLE_HEIGHT)
        + svg.substring(head).replaceFirst("</svg>$", "</g></svg>\n");
  }
}
