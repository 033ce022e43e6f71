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
      dropUsed();
      if (count >= tenancies.length / 2) {
        tenancies = Arrays.copyOf(tenancies, Math.max(FIRST_LENGTH, 2 * tenancies.length));
      }
    }
    tenancies[count++] = tenancy;
  }

  List<DetachedTenancy> removeAll() {
    dropUsed();
    List<DetachedTenancy> removed = List.of(Arrays.copyOf(tenancies, count));
    tenancies = new DetachedTenancy[0];
    count = 0;
    return removed;
  }

  private void dropUsed() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      DetachedTenancy tenancy = tenancies[i];
      if (!tenancy.isUsed()) {
        tenancies[kept++] = tenancy;
      }
    }
    Arrays.fill(tenancies, kept, count, null);
    count = kept;
  }
}
