package io.ullage.core.internal;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** One charge that waited for room; its duration is the time it waited. */
@Name("io.ullage.MemoryWait")
@Label("Memory Wait")
@Category({"Ullage", "Memory"})
@Description("A component waited until others gave memory back")
final class WaitEvent extends Event {
  @Label("Component")
  String component = "";

  @Label("Requested")
  @DataAmount
  long requestedBytes;

  @Label("Granted")
  @Description("Whether there was room in the end")
  boolean granted;

  /** Writes down what the event is about. */
  void describe(BudgetLevel level, long bytes, boolean wasGranted) {
    component = level.path();
    requestedBytes = bytes;
    granted = wasGranted;
  }
}
