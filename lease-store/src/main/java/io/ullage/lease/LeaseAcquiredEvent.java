package io.ullage.lease;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Written to a flight recording when a lease was acquired. */
@Name("io.ullage.LeaseAcquired")
@Label("Lease acquired")
@Category("Ullage")
@Description("A lease was acquired")
@StackTrace(false)
final class LeaseAcquiredEvent extends Event {
  @Label("Key")
  String key = "";

  @Label("Fencing token")
  long token;

  @Label("Taken over")
  @Description("Its last holder had not given it back: it was dead, or its time had run out")
  boolean takeover;

  @Label("Waited")
  @Timespan
  long waitNanos;

  /** Writes one, if anybody records it; see {@link LeaseEvents}. */
  static void write(ManagedLease lease, long waitNanos) {
    LeaseAcquiredEvent event = new LeaseAcquiredEvent();
    if (event.isEnabled()) {
      event.key = lease.key();
      event.token = lease.token();
      event.takeover = lease.isTakeover();
      event.waitNanos = waitNanos;
      event.commit();
    }
  }
}
