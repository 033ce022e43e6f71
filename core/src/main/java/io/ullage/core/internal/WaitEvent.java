package io.ullage.core.internal;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/**
 * One charge, or one offer to a queue, that waited for room; its duration is the time it waited.
 */
@Name("io.ullage.MemoryWait")
@Label("Memory Wait")
@Category({"Ullage", "Memory"})
@Description("A component waited until others gave memory back")
public final class WaitEvent extends Event {
  @Label("Component")
  String component = "";

  @Label("Requested")
  @DataAmount
  long requestedBytes;

  @Label("Granted")
  @Description("Whether there was room in the end")
  boolean granted;

  /** Begins one; see {@link FlightRecording}. */
  public static WaitEvent begun() {
    WaitEvent event = new WaitEvent();
    event.begin();
    return event;
  }

  /** Ends and writes one that somebody records. */
  public void record(String path, long bytes, boolean wasGranted) {
    if (shouldCommit()) {
      component = path;
      requestedBytes = bytes;
      granted = wasGranted;
      commit();
    }
  }
}
