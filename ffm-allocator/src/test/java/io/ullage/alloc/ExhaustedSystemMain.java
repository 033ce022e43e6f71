package io.ullage.alloc;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.util.ArrayDeque;
import java.util.Deque;

/** Acquires until the system refuses, gives back, and goes on. */
final class ExhaustedSystemMain {
  private static final long LARGE_BYTES = 64 << 20;
  private static final int ENOUGH = 1000;
  private static final long CACHED_BYTES = 1 << 20;
  private static final int CACHED = 512;

  private ExhaustedSystemMain() {}

  public static void main(String[] arguments) {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
        ChunkPool chunks = ChunkPool.open(registry)) {
      SegmentPool pool = SegmentPool.over(chunks);
      ComponentToken token = registry.component("greedy").token();
      Deque<PooledSegment> segments = new ArrayDeque<>();
      leaveCached(pool, token);
      try {
        while (segments.size() < ENOUGH) {
          segments.add(pool.acquire(token, LARGE_BYTES));
        }
        throw new AssertionError("the system never refused");
      } catch (OutOfMemoryError refusal) {
        System.out.println(refusal.getMessage() + " after " + segments.size());
      }
      long expected = segments.stream().mapToLong(PooledSegment::chargedBytes).sum();
      if (token.component().ownReservedBytes() != expected
          || chunks.statistics().usedBytes() != expected) {
        throw new AssertionError("accounting is off");
      }
      if (chunks.statistics().cachedBytes() > 0) {
        throw new AssertionError("refused with memory in the cache: " + chunks.statistics());
      }
      segments.removeLast().close();
      chunks.trim().join();
      pool.acquire(token, LARGE_BYTES).close();
      segments.forEach(PooledSegment::close);
      if (token.component().ownReservedBytes() != 0) {
        throw new AssertionError("something is left");
      }
    }
    System.out.println("recovered");
  }

  /** Half a gigabyte that nobody uses, but that the pool has kept. */
  private static void leaveCached(SegmentPool pool, ComponentToken token) {
    Deque<PooledSegment> segments = new ArrayDeque<>();
    for (int each = 0; each < CACHED; each++) {
      segments.add(pool.acquire(token, CACHED_BYTES));
    }
    segments.forEach(PooledSegment::close);
  }
}
