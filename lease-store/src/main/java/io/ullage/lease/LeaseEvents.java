package io.ullage.lease;

import jdk.jfr.FlightRecorder;

/**
 * What happens to leases, told to whoever records it. Until somebody records in this JVM no class
 * of an event may even be loaded: that alone starts the flight recorder's machinery, which takes
 * 100 ms of whoever is first. So the question stands here and not in those classes.
 */
final class LeaseEvents {
  private LeaseEvents() {}

  /** A lease was acquired after a wait. */
  static void acquired(ManagedLease lease, long waitNanos) {
    if (FlightRecorder.isInitialized()) {
      LeaseAcquiredEvent.write(lease, waitNanos);
    }
  }

  /** A lease was renewed later than it was due. */
  static void renewedLate(Lease lease, long lateNanos, long leftNanos) {
    if (FlightRecorder.isInitialized()) {
      LeaseRenewedLateEvent.write(lease, lateNanos, leftNanos);
    }
  }

  /** A lease was lost. */
  static void lost(LeaseLoss loss) {
    if (FlightRecorder.isInitialized()) {
      LeaseLostEvent.write(loss);
    }
  }
}
