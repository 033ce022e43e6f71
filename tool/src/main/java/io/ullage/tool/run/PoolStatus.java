package io.ullage.tool.run;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.LeakReport;
import io.ullage.alloc.PoolStatistics;
import io.ullage.core.StatusSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a chunk pool has committed, what of it is its own, and the leaks that it found. */
final class PoolStatus implements StatusSource {
  private static final System.Logger LOG = System.getLogger(PoolStatus.class.getName());

  /** As many as a person reads. */
  private static final int SHOWN_LEAKS = 20;

  private final Deque<LeakReport> latestLeaks = new ArrayDeque<>();
  private long leaks;
  private @Nullable ChunkPool pool;

  /** Begins to show a pool, which was built with {@link #note} as its leak listener. */
  synchronized void show(ChunkPool opened) {
    pool = opened;
  }

  /** Notes a leak. */
  synchronized void note(LeakReport leak) {
    LOG.log(System.Logger.Level.WARNING, "leaked: {0}", leak);
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
    return "chunks";
  }

  @Override
  public synchronized Map<String, Object> status() {
    PoolStatistics now = pool == null ? new PoolStatistics(0, 0, 0) : pool.statistics();
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("pool_bytes", now.cachedBytes());
    status.put("used_bytes", now.usedBytes());
    status.put("committed_bytes", now.committedBytes());
    status.put("leaks_total", leaks);
    List<Map<String, Object>> shown = new ArrayList<>();
    for (LeakReport leak : latestLeaks) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("component", leak.component());
      fields.put("kind", leak.kind().name().toLowerCase(Locale.ROOT));
      fields.put("charged_bytes", leak.chargedBytes());
      leak.site().ifPresent(site -> fields.put("site", site.getFirst().toString()));
      shown.add(Collections.unmodifiableMap(fields));
    }
    status.put("leaks", List.copyOf(shown));
    return Collections.unmodifiableMap(status);
  }
}
