package io.ullage.lease;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** Written to a flight recording when a lease was renewed later than it was due. */
@Name("io.ullage.LeaseRenewedLate")
@Label("Lease renewed late")
@Category("Ullage")
@Description("A lease was renewed only after a failed try, or because the heartbeat was held up")
@StackTrace(false)
final class LeaseRenewedLateEvent extends Event {
  @Label("Key")
  String key = "";

  @Label("Fencing token")
  long token;

  @Label("Late")
  @Timespan
  long lateNanos;

  @Label("Validity that was left")
  @Timespan
  long leftNanos;

  /** Writes one, if anybody records it; see {@link LeaseEvents}. */
  static void write(Lease lease, long lateNanos, long leftNanos) {
    LeaseRenewedLateEvent event = new LeaseRenewedLateEvent();
    if (event.isEnabled()) {
      event.key = lease.key();
      event.token = lease.token();
      event.lateNanos = lateNanos;
      event.leftNanos = leftNanos;
      event.commit();
    }
  }
}
