package io.ullage.tool.top;

import io.ullage.core.ComponentFigures;
import java.util.Comparator;
import java.util.Locale;

/** What the components are sorted by; but for names, the largest comes first. */
enum SortOrder {
  NAME,
  USED,
  RESERVED,
  PEAK,
  /** By how near each is to its limit. */
  SHARE,
  REFUSALS;

  /** The order, for components of equal figures by name. */
  Comparator<ComponentFigures> comparator(boolean reversed) {
    Comparator<ComponentFigures> smallestFirst =
        switch (this) {
          case NAME -> Comparator.comparing(ComponentFigures::path).reversed();
          case USED -> Comparator.comparingLong(figures -> figures.total().usedBytes());
          case RESERVED -> Comparator.comparingLong(figures -> figures.total().reservedBytes());
          case PEAK -> Comparator.comparingLong(ComponentFigures::peakReservedBytes);
          case SHARE -> Comparator.comparingDouble(ComponentFigures::limitShare);
          case REFUSALS -> Comparator.comparingLong(figures -> figures.total().refusals());
        };
    return (reversed ? smallestFirst : smallestFirst.reversed())
        .thenComparing(ComponentFigures::path);
  }

  /** The next column, from left to right. */
  SortOrder next() {
    return switch (this) {
      case NAME -> USED;
      case USED -> RESERVED;
      case RESERVED -> PEAK;
      case PEAK -> SHARE;
      case SHARE -> REFUSALS;
      case REFUSALS -> NAME;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
