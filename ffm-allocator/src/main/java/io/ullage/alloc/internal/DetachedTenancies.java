package io.ullage.alloc.internal;

import java.util.Arrays;
import java.util.List;

/**
 * Keeps the tenancies that one cache's threads detached reachable until they are used.
 *
 * <p>Whoever uses one only marks it, for it would have to lock us to take it out; the marked ones
 * go when the array is full, so that each costs a constant on average and at most as many stay
 * behind as are outstanding. Not thread-safe: its {@link SlotCache} guards it.
 */
final class DetachedTenancies {
  private static final int FIRST_LENGTH = 64;

  private DetachedTenancy[] tenancies = {};
  private int count;

  void add(DetachedTenancy tenancy) {
    if (count == tenancies.length) {
      DetachedTenancy[] outstanding = outstanding();
      count = outstanding.length;
      tenancies =
          Arrays.copyOf(outstanding, Math.max(FIRST_LENGTH, Math.max(tenancies.length, 2 * count)));
    }
    tenancies[count++] = tenancy;
  }

  List<DetachedTenancy> removeAll() {
    List<DetachedTenancy> removed = List.of(outstanding());
    tenancies = new DetachedTenancy[0];
    count = 0;
    return removed;
  }

  private DetachedTenancy[] outstanding() {
    return Arrays.stream(tenancies, 0, count)
        .filter(tenancy -> !tenancy.isUsed())
        .toArray(DetachedTenancy[]::new);
  }
}
