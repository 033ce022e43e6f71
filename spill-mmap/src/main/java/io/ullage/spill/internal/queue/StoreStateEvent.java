package io.ullage.spill.internal.queue;

import io.ullage.spill.StoreState;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A queue's store began or ceased to be full, or to fail. */
@Name("io.ullage.StoreState")
@Label("Spill Store State")
@Category({"Ullage", "Spill"})
@Description("A queue's store began or ceased to be full, or to fail: one event for each change")
@StackTrace(false)
final class StoreStateEvent extends Event {
  @Label("Queue")
  String queue = "";

  @Label("Before")
  String before = "";

  @Label("Now")
  String now = "";

  @Label("Message")
  String message = "";

  static void record(String queue, StoreState before, StoreState now, String message) {
    StoreStateEvent event = new StoreStateEvent();
    if (event.isEnabled()) {
      event.queue = queue;
      event.before = before.name();
      event.now = now.name();
      event.message = message;
      event.commit();
    }
  }
}
