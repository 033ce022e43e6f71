package io.ullage.lease;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Written to a flight recording when a lease was lost, taken over included. */
@Name("io.ullage.LeaseLost")
@Label("Lease lost")
@Category("Ullage")
@Description("A lease was lost before its owner gave it back")
@StackTrace(false)
final class LeaseLostEvent extends Event {
  @Label("Key")
  String key = "";

  @Label("Fencing token")
  long token;

  @Label("Cause")
  String cause = "";

  /** Writes one, if anybody records it; see {@link LeaseEvents}. */
  static void write(LeaseLoss loss) {
    LeaseLostEvent event = new LeaseLostEvent();
    if (event.isEnabled()) {
      event.key = loss.key();
      event.token = loss.token();
      event.cause = loss.cause().name();
      event.commit();
    }
  }
}
