package io.ullage.core.internal;

import io.ullage.core.ComponentFigures;
import io.ullage.core.DeclaredBounds;
import io.ullage.core.MemoryFigures;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds up the figures of components over their subtrees. */
public final class ComponentTotals {
  private ComponentTotals() {}

  /** A component before its subtree is known. */
  public record Entry(
      long limitBytes,
      long peakReservedBytes,
      Optional<DeclaredBounds> declaredBounds,
      MemoryFigures own) {
    /** Makes the entry of a component that declared no bounds. */
    public Entry(long limitBytes, long peakReservedBytes, MemoryFigures own) {
      this(limitBytes, peakReservedBytes, Optional.empty(), own);
    }
  }

  /** From own figures by path to own and total figures by path. */
  public static SortedMap<String, ComponentFigures> sum(SortedMap<String, Entry> entries) {
    Map<String, MemoryFigures> totals = new HashMap<>();
    entries.forEach(
        (path, entry) -> {
          String level = path;
          while (true) {
            totals.merge(level, entry.own(), MemoryFigures::plus);
            if (level.equals(ComponentPath.ROOT)) {
              break;
            }
            int dot = level.lastIndexOf('.');
            level = dot < 0 ? ComponentPath.ROOT : level.substring(0, dot);
          }
        });
    SortedMap<String, ComponentFigures> components = new TreeMap<>();
    entries.forEach(
        (path, entry) ->
            components.put(
                path,
                new ComponentFigures(
                    path,
                    entry.limitBytes(),
                    entry.peakReservedBytes(),
                    entry.declaredBounds(),
                    entry.own(),
                    totals.getOrDefault(path, MemoryFigures.ZERO))));
    return components;
  }
}
