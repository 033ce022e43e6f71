package io.ullage.spill.internal.queue;

import io.ullage.spill.SpilledRun;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One batch was copied and written. */
@Name("io.ullage.Spill")
@Label("Spill")
@Category({"Ullage", "Spill"})
@Description("A queue wrote consecutive entries to its store")
@StackTrace(false)
final class SpillEvent extends Event {
  @Label("Queue")
  String queue = "";

  @Label("Entries")
  @Description("How many entries the store took")
  int entries;

  static SpillEvent begun() {
    SpillEvent event = new SpillEvent();
    event.begin();
    return event;
  }

  void record(String queueName, @Nullable SpilledRun run) {
    if (run != null && shouldCommit()) {
      queue = queueName;
      entries = run.takenEntries();
      commit();
    }
  }
}
