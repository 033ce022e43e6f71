package io.ullage.tool.spill;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run counted. One thread. */
final class StressFigures {
  final LatencyHistogram offers = new LatencyHistogram();
  final LatencyHistogram polls = new LatencyHistogram();
  long pushedBytes;
  long drainedBytes;
  long droppedBytes;
  long residentBytes;
  long spilledBytes;
  long limitBytes;
  long peakReservedBytes;
  long peakResidentBytes;
  long elapsedNanos;
  long pushNanos;
  long drainNanos;

  boolean isBalanced() {
    return pushedBytes == drainedBytes + droppedBytes + residentBytes;
  }

  /** Returns the figures in the order and under the names that scripts rely on. */
  Map<String, @Nullable Object> asMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("pushed_bytes", pushedBytes);
    map.put("drained_bytes", drainedBytes);
    map.put("dropped_bytes", droppedBytes);
    map.put("resident_bytes", residentBytes);
    map.put("spilled_bytes", spilledBytes);
    map.put("limit_bytes", limitBytes);
    map.put("peak_reserved_bytes", peakReservedBytes);
    map.put("peak_rss_bytes", peakResidentBytes);
    map.put("elapsed_seconds", seconds(elapsedNanos));
    map.put("push_seconds", seconds(pushNanos));
    map.put("drain_seconds", seconds(drainNanos));
    map.put("offer_p50_ns", offers.quantileNanos(0.5));
    map.put("offer_p999_ns", offers.quantileNanos(0.999));
    map.put("offer_max_ns", offers.maximumNanos());
    map.put("poll_p50_ns", polls.quantileNanos(0.5));
    map.put("poll_p999_ns", polls.quantileNanos(0.999));
    map.put("poll_max_ns", polls.maximumNanos());
    return map;
  }

  static double seconds(long nanos) {
    return Math.round(nanos / 1e3) / 1e6;
  }
}
