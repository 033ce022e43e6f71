package io.ullage.spill.internal.queue;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Some entries came back. */
@Name("io.ullage.Fetch")
@Label("Fetch")
@Category({"Ullage", "Spill"})
@Description("A queue brought consecutive entries back from its store")
@StackTrace(false)
final class FetchEvent extends Event {
  @Label("Queue")
  String queue = "";

  @Label("Entries")
  int entries;

  @Label("Bytes")
  @DataAmount
  long bytes;

  @Label("Demanded")
  @Description("Whether a reader was waiting for the first of them")
  boolean demanded;

  static FetchEvent begun() {
    FetchEvent event = new FetchEvent();
    event.begin();
    return event;
  }

  void record(String queueName, int fetchedEntries, long fetchedBytes, boolean byDemand) {
    if (fetchedEntries > 0 && shouldCommit()) {
      queue = queueName;
      entries = fetchedEntries;
      bytes = fetchedBytes;
      demanded = byDemand;
      commit();
    }
  }
}
