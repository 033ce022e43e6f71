package io.ullage.tool.top;

import io.ullage.core.ComponentFigures;
import java.util.Comparator;
import java.util.Locale;

/** What the components are sorted by; the root stands first in each order. */
enum SortOrder {
  NAME(Comparator.comparing(ComponentFigures::path)),
  USED(largestFirst(figures -> figures.total().usedBytes())),
  RESERVED(largestFirst(figures -> figures.total().reservedBytes())),
  PEAK(largestFirst(ComponentFigures::peakReservedBytes)),
  /** By how near each is to its limit. */
  SHARE(Comparator.comparing(ComponentFigures::limitShare).reversed()),
  REFUSALS(largestFirst(figures -> figures.total().refusals()));

  private final Comparator<ComponentFigures> comparator;

  SortOrder(Comparator<ComponentFigures> comparator) {
    this.comparator = comparator;
  }

  private static Comparator<ComponentFigures> largestFirst(
      java.util.function.ToLongFunction<ComponentFigures> figure) {
    return Comparator.comparingLong(figure).reversed();
  }

  /** The order, for components of equal figures by name. */
  Comparator<ComponentFigures> comparator(boolean reversed) {
    Comparator<ComponentFigures> order = reversed ? comparator.reversed() : comparator;
    return order.thenComparing(ComponentFigures::path);
  }

  SortOrder next() {
    return values()[(ordinal() + 1) % values().length];
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
