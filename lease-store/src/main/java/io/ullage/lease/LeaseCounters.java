package io.ullage.lease;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link LeaseStatistics}; any thread adds. */
final class LeaseCounters {
  final LongAdder acquired = new LongAdder();
  final LongAdder takeovers = new LongAdder();
  final LongAdder contended = new LongAdder();
  final LongAdder waitNanos = new LongAdder();
  final LongAdder renewed = new LongAdder();
  final LongAdder lateRenewals = new LongAdder();
  final LongAdder failedRenewals = new LongAdder();
  final LongAdder released = new LongAdder();
  final LongAdder abandonedReleases = new LongAdder();
  private final Map<LossCause, LongAdder> lost = new EnumMap<>(LossCause.class);

  LeaseCounters() {
    for (LossCause cause : LossCause.values()) {
      lost.put(cause, new LongAdder());
    }
  }

  void countLoss(LossCause cause) {
    LongAdder counter = lost.get(cause);
    if (counter != null) {
      counter.increment();
    }
  }

  LeaseStatistics statistics(int held) {
    Map<LossCause, Long> losses = new EnumMap<>(LossCause.class);
    lost.forEach((cause, count) -> losses.put(cause, count.sum()));
    return new LeaseStatistics(
        held,
        acquired.sum(),
        takeovers.sum(),
        contended.sum(),
        waitNanos.sum(),
        renewed.sum(),
        lateRenewals.sum(),
        failedRenewals.sum(),
        released.sum(),
        abandonedReleases.sum(),
        Map.copyOf(losses));
  }
}
