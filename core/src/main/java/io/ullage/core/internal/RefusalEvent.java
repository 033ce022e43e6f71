package io.ullage.core.internal;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** One charge that a limit refused. */
@Name("io.ullage.Refusal")
@Label("Memory Refusal")
@Category({"Ullage", "Memory"})
@Description("A component asked for memory and a limit had no room for it")
final class RefusalEvent extends Event {
  @Label("Component")
  String component = "";

  @Label("Level")
  @Description("The component whose limit refused")
  String level = "";

  @Label("Requested")
  @DataAmount
  long requestedBytes;

  @Label("Reserved")
  @Description("What the refusing level had reserved")
  @DataAmount
  long reservedBytes;

  @Label("Limit")
  @DataAmount
  long limitBytes;

  /** Writes down a refusal, if anybody records them. */
  static void record(BudgetLevel asking, BudgetLevel refusing, long bytes) {
    RefusalEvent event = new RefusalEvent();
    if (event.isEnabled()) {
      event.component = asking.path();
      event.level = refusing.path();
      event.requestedBytes = bytes;
      event.reservedBytes = refusing.grantedBytes();
      event.limitBytes = refusing.limitBytes();
      event.commit();
    }
  }
}
