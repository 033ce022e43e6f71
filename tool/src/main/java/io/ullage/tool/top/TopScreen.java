package io.ullage.tool.top;

import io.ullage.tool.terminal.ComponentTable;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/**
 * What a person chose to see: which of the programs, in which order, from which line on. Keys
 * change it. For one thread.
 */
final class TopScreen {
  private static final String KEYS =
      "q quit   s sort   r reverse   ↑ ↓ scroll   1–9 one program   0 all";

  private SortOrder order;
  private boolean reversed;
  private int chosen;
  private int firstLine;

  TopScreen(SortOrder order) {
    this.order = order;
  }

  /** Takes a key; false when it ends the view. */
  boolean press(int key) {
    switch (key) {
      case 'q', 'Q' -> {
        return false;
      }
      case 's' -> order = order.next();
      case 'r' -> reversed = !reversed;
      case 'j', 'B' -> firstLine++; // "B" ends the sequence of the arrow down.
      case 'k', 'A' -> firstLine = Math.max(0, firstLine - 1);
      default -> {
        if (key >= '0' && key <= '9') {
          chosen = key - '0';
          firstLine = 0;
        }
      }
    }
    return true;
  }

  /** Everything, with the keys on top where there are any. */
  List<AttributedString> draw(
      List<ProgramFigures> programs, int columns, int rows, boolean withKeys) {
    List<AttributedString> lines = new ArrayList<>();
    for (int i = 0; i < programs.size(); i++) {
      boolean one = chosen > 0 && chosen <= programs.size();
      if (!one || chosen == i + 1) {
        lines.addAll(draw(programs.get(i), programs.size() > 1 ? i + 1 : null, columns));
      }
    }
    if (!withKeys) {
      return lines;
    }
    firstLine = Math.clamp(firstLine, 0, Math.max(0, lines.size() - rows + 3));
    List<AttributedString> shown = new ArrayList<>();
    shown.add(
        new AttributedString(
            KEYS + "   sorted by " + order + (reversed ? ", reversed" : ""),
            AttributedStyle.DEFAULT.faint()));
    shown.addAll(lines.subList(firstLine, lines.size()));
    return shown;
  }

  private List<AttributedString> draw(
      ProgramFigures figures, @Nullable Integer number, int columns) {
    List<AttributedString> lines = new ArrayList<>();
    String title =
        "%spid %d%s  %s"
            .formatted(
                number == null ? "" : "[" + number + "] ",
                figures.pid(),
                figures.alive() ? "" : " (dead; these are its last figures)",
                figures.file());
    AttributedStyle bold = AttributedStyle.DEFAULT.bold();
    lines.add(
        new AttributedString(title, figures.alive() ? bold : bold.foreground(AttributedStyle.RED)));
    lines.addAll(ComponentTable.draw(figures.snapshot(), order.comparator(reversed), columns));
    lines.add(AttributedString.EMPTY);
    return lines;
  }
}
