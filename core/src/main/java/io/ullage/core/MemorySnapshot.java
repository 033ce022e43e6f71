package io.ullage.core;

import io.ullage.core.internal.FigureTable;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of all components of a registry at one moment. Immutable, thread-safe.
 *
 * <p>Figures become objects when they are asked for; taking a snapshot fills one array.
 */
public final class MemorySnapshot {
  private final boolean exact;
  private final @Nullable FigureTable table;
  private final long beginNanos;
  private final long endNanos;
  private volatile @Nullable SortedMap<String, ComponentFigures> components;

  /**
   * Makes a snapshot of figures that were read elsewhere.
   *
   * @param exact whether all figures are of one instant
   * @param components figures by path
   */
  public MemorySnapshot(boolean exact, SortedMap<String, ComponentFigures> components) {
    this.exact = exact;
    this.components = Collections.unmodifiableSortedMap(new TreeMap<>(components));
    this.table = null;
    this.endNanos = System.nanoTime();
    this.beginNanos = endNanos;
  }

  MemorySnapshot(boolean exact, FigureTable table, long beginNanos, long endNanos) {
    this.exact = exact;
    this.table = table;
    this.beginNanos = beginNanos;
    this.endNanos = endNanos;
  }

  /**
   * Whether all figures are of one instant.
   *
   * @return false when writers were too busy for that; each figure is then right at some moment of
   *     {@link #interval()}, but what is in use may be too high by what was freed and allocated
   *     again meanwhile
   */
  public boolean exact() {
    return exact;
  }

  /**
   * How long the reading took: the instant of an exact snapshot, and each moment of another, lies
   * within.
   *
   * @return the time from the first to the last figure
   */
  public Duration interval() {
    return Duration.ofNanos(endNanos - beginNanos);
  }

  /**
   * All components.
   *
   * @return an unmodifiable map from path (the root's is {@code root}) to figures, sorted by path
   */
  public SortedMap<String, ComponentFigures> components() {
    SortedMap<String, ComponentFigures> known = components;
    if (known == null) {
      SortedMap<String, ComponentFigures> map = new TreeMap<>();
      if (table != null) {
        for (int i = 0; i < table.index().size(); i++) {
          map.put(table.index().path(i), table.figures(i));
        }
      }
      known = Collections.unmodifiableSortedMap(map);
      components = known;
    }
    return known;
  }

  /**
   * The figures of one component.
   *
   * @param path its dotted name
   * @return empty when there was no such component
   */
  public Optional<ComponentFigures> figures(String path) {
    if (table == null) {
      return Optional.ofNullable(components().get(path));
    }
    int i = table.index().find(path);
    return i < 0 ? Optional.empty() : Optional.of(table.figures(i));
  }

  /**
   * What changed since an earlier snapshot of the same registry.
   *
   * @param earlier the earlier one
   * @return the changes and the time between the two
   */
  public SnapshotDelta since(MemorySnapshot earlier) {
    return SnapshotDelta.between(earlier, this, Duration.ofNanos(endNanos - earlier.endNanos));
  }
}
