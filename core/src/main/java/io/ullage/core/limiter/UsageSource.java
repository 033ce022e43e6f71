package io.ullage.core.limiter;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.limiter.internal.CgroupUsageSource;
import io.ullage.core.limiter.internal.ReservedUsageSource;
import io.ullage.core.limiter.internal.RssUsageSource;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a limiter reads how much memory is used.
 *
 * <p>Called by the limiter's thread only. A source that throws counts as unreadable: the limiter
 * goes on with the others, says so once, and asks again at the next period.
 */
public interface UsageSource {
  /** {@return what the source is called in messages and metrics} */
  String name();

  /**
   * Reads the usage.
   *
   * @return the usage and the limit of this moment
   * @throws IOException if the usage cannot be read
   */
  UsageReading read() throws IOException;

  /**
   * {@return whether reading touches memory only, and no file} Such sources are read about every
   * millisecond while somebody waits, so that freed memory ends a delay early; the others once a
   * period.
   */
  default boolean isCheap() {
    return false;
  }

  /**
   * Returns the source of what a registry's components have reserved off the heap, against the
   * limit of its root. Cheap. Without a limit there is no pressure.
   *
   * @param registry the registry
   * @return the source
   */
  static UsageSource reserved(ComponentRegistry registry) {
    return new ReservedUsageSource(registry.root());
  }

  /**
   * Returns the source of the process's resident set size. Linux.
   *
   * @param limitBytes the limit to compare it with, not negative
   * @return the source
   */
  static UsageSource processRss(long limitBytes) {
    return new RssUsageSource(Path.of("/"), limitBytes);
  }

  /**
   * Returns the source of what the process's control group uses, without the page cache that the
   * kernel can drop, against its limit; of all groups above it that have a limit, the one that is
   * fullest counts. Linux, cgroup v1 and v2.
   *
   * @return the source
   */
  static UsageSource cgroup() {
    return new CgroupUsageSource(Path.of("/"));
  }
}
