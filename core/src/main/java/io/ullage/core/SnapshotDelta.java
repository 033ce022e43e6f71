package io.ullage.core;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What changed between two snapshots of one registry.
 *
 * @param elapsed the time between them
 * @param totals by path, the change of the subtree's figures; a component that is new counts from
 *     zero, one that has gone is left out
 */
public record SnapshotDelta(Duration elapsed, SortedMap<String, MemoryFigures> totals) {
  /** Copies the map. */
  public SnapshotDelta {
    totals = Collections.unmodifiableSortedMap(new TreeMap<>(totals));
  }

  static SnapshotDelta between(MemorySnapshot earlier, MemorySnapshot later, Duration elapsed) {
    SortedMap<String, MemoryFigures> totals = new TreeMap<>();
    later
        .components()
        .forEach(
            (path, figures) ->
                totals.put(
                    path,
                    figures
                        .total()
                        .minus(
                            earlier
                                .figures(path)
                                .map(ComponentFigures::total)
                                .orElse(MemoryFigures.ZERO))));
    return new SnapshotDelta(elapsed, totals);
  }

  /**
   * How fast a subtree allocates.
   *
   * @param path the component
   * @return bytes in a second, 0 for an unknown component or when no time has passed
   */
  public double allocatedBytesPerSecond(String path) {
    return perSecond(totals.getOrDefault(path, MemoryFigures.ZERO).allocatedBytes());
  }

  /**
   * How fast a subtree frees.
   *
   * @param path the component
   * @return bytes in a second, 0 for an unknown component or when no time has passed
   */
  public double freedBytesPerSecond(String path) {
    return perSecond(totals.getOrDefault(path, MemoryFigures.ZERO).freedBytes());
  }

  private double perSecond(long count) {
    long nanos = elapsed.toNanos();
    return nanos <= 0 ? 0 : count * 1e9 / nanos;
  }
}
