package io.ullage.alloc;

import io.ullage.core.StatusSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What a pool has committed, what of it is its own, and the leaks that it found. Thread-safe. */
final class PoolStatus implements StatusSource {
  /** As many as a person reads. */
  private static final int SHOWN_LEAKS = 20;

  private final String name;
  private final Supplier<PoolStatistics> statistics;
  private final Deque<LeakReport> latestLeaks = new ArrayDeque<>();
  private long leaks;

  PoolStatus(String name, Supplier<PoolStatistics> statistics) {
    this.name = name;
    this.statistics = statistics;
  }

  synchronized void note(LeakReport leak) {
    leaks++;
    latestLeaks.addFirst(leak);
    if (latestLeaks.size() > SHOWN_LEAKS) {
      latestLeaks.removeLast();
    }
  }

  @Override
  public String kind() {
    return "pool";
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Object> status() {
    PoolStatistics now = statistics.get();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("pool_bytes", now.cachedBytes());
    status.put("used_bytes", now.usedBytes());
    status.put("committed_bytes", now.committedBytes());
    synchronized (this) {
      status.put("leaks_total", leaks);
      status.put("leaks", latestLeaks.stream().map(PoolStatus::fields).toList());
    }
    return Collections.unmodifiableMap(status);
  }

  private static Map<String, Object> fields(LeakReport leak) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("component", leak.component());
    fields.put("kind", leak.kind().name().toLowerCase(Locale.ROOT));
    fields.put("charged_bytes", leak.chargedBytes());
    leak.site().ifPresent(site -> fields.put("site", site.getFirst().toString()));
    return Collections.unmodifiableMap(fields);
  }
}
