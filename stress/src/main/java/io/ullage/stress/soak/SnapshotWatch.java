package io.ullage.stress.soak;

import io.ullage.core.ComponentFigures;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.MemoryFigures;
import io.ullage.core.MemorySnapshot;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Takes snapshots all the time, and looks for what must not be in any of them. */
final class SnapshotWatch {
  private static final long PERIOD_MILLIS = 5;
  private static final String ROOT = "root";

  private final Tally tally;
  private final ComponentRegistry registry;
  private SortedMap<String, ComponentFigures> earlier = new TreeMap<>();

  SnapshotWatch(Tally tally, ComponentRegistry registry) {
    this.tally = tally;
    this.registry = registry;
  }

  void run(Churn churn) throws InterruptedException {
    while (!churn.isStopped()) {
      look(registry.snapshot());
      TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
    }
    look(registry.exactSnapshot());
  }

  void look(MemorySnapshot snapshot) {
    SortedMap<String, ComponentFigures> now = snapshot.components();
    ComponentFigures root = now.get(ROOT);
    tally.check(
        root != null && root.total().reservedBytes() <= root.limitBytes(),
        "reserved stays within the limit",
        root);
    if (snapshot.exact()) {
      now.values().forEach(this::exact);
      long own = now.values().stream().mapToLong(c -> c.own().reservedBytes()).sum();
      tally.check(
          root != null && own == root.total().reservedBytes(),
          "own bytes add up to the root's total",
          own + " and " + root);
      for (Map.Entry<String, ComponentFigures> before : earlier.entrySet()) {
        ComponentFigures after = now.get(before.getKey());
        tally.check(
            after != null && isNotBefore(after.own(), before.getValue().own()),
            "no counter goes back",
            before.getValue() + " then " + after);
      }
      earlier = now;
    }
  }

  private void exact(ComponentFigures figures) {
    tally.check(
        figures.own().usedBytes() >= 0 && figures.own().externalBytes() >= 0,
        "live bytes are not negative",
        figures);
    tally.check(
        figures.own().usedBytes() + figures.own().externalBytes() <= figures.own().reservedBytes(),
        "used stays within reserved",
        figures);
  }

  private static boolean isNotBefore(MemoryFigures after, MemoryFigures before) {
    return after.allocatedBytes() >= before.allocatedBytes()
        && after.freedBytes() >= before.freedBytes()
        && after.allocations() >= before.allocations()
        && after.frees() >= before.frees()
        && after.refusals() >= before.refusals();
  }
}
