package io.ullage.spill.internal.queue;

import io.ullage.spill.SpillDamageException;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An entry came back damaged. */
@Name("io.ullage.Damage")
@Label("Spill Damage")
@Category({"Ullage", "Spill"})
@Description("A spilled entry is not what was written")
@StackTrace(false)
final class DamageEvent extends Event {
  @Label("Queue")
  String queue = "";

  @Label("Sequence")
  @Description("The entry's number, counted from 0 in the order of the offers")
  long sequence;

  @Label("Skipped")
  @Description("Whether the queue went on behind it")
  boolean skipped;

  @Label("Message")
  String message = "";

  static void record(String queue, SpillDamageException damage, boolean skipped) {
    DamageEvent event = new DamageEvent();
    if (event.isEnabled()) {
      event.queue = queue;
      event.sequence = damage.sequence();
      event.skipped = skipped;
      event.message = String.valueOf(damage.getMessage());
      event.commit();
    }
  }
}
