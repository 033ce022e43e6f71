package io.ullage.core.bounds;

import io.ullage.core.bounds.internal.Apportionment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Divides a grant over the direct subcomponents of some bounds.
 *
 * <p>Every byte of the effective limit is granted: the parts, which carry no slop of their own
 * because it is taken off before, add up to it. The same input always gives the same parts; bytes
 * that do not divide go to the largest remainders, then to the first by name. Implementations are
 * thread-safe.
 */
@FunctionalInterface
public interface GrantPartitioner {
  /**
   * Divides a grant.
   *
   * @param grant what there is
   * @param bounds whose subcomponents share it; at least one
   * @return a grant per subcomponent, sorted by name
   * @throws IllegalArgumentException if there is no subcomponent
   */
  SortedMap<String, MemoryGrant> partition(MemoryGrant grant, ComponentBounds bounds);

  /**
   * {@return the partitioner that follows the bounds} Each part is its minimum plus a share of the
   * rest in proportion to what its firm total has on top; where not all minimums fit, a share in
   * proportion to the minimum.
   */
  static GrantPartitioner scaled() {
    return (grant, bounds) -> {
      List<ComponentBounds> parts = parts(bounds);
      long[] minimums = parts.stream().mapToLong(ComponentBounds::totalMinimumBytes).toArray();
      long[] onTop =
          parts.stream()
              .mapToLong(each -> each.totalFirmBytes() - each.totalMinimumBytes())
              .toArray();
      return granted(
          bounds, Apportionment.divideOverNeeds(grant.effectiveLimitBytes(), minimums, onTop));
    };
  }

  /** {@return the partitioner that gives everybody the same} */
  static GrantPartitioner equal() {
    return (grant, bounds) ->
        granted(
            bounds,
            Apportionment.divide(grant.effectiveLimitBytes(), new long[parts(bounds).size()]));
  }

  private static List<ComponentBounds> parts(ComponentBounds bounds) {
    if (bounds.subcomponents().isEmpty()) {
      throw new IllegalArgumentException(
          "bounds of '"
              + bounds.path()
              + "' have no subcomponents: a grant is divided over at least one");
    }
    return new ArrayList<>(bounds.subcomponents().values());
  }

  private static SortedMap<String, MemoryGrant> granted(ComponentBounds bounds, long[] parts) {
    SortedMap<String, MemoryGrant> grants = new TreeMap<>();
    int next = 0;
    for (String name : bounds.subcomponents().keySet()) {
      grants.put(name, MemoryGrant.of(parts[next++]));
    }
    return Collections.unmodifiableSortedMap(grants);
  }
}
