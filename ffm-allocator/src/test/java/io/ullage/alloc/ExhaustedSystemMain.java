package io.ullage.alloc;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.util.ArrayDeque;
import java.util.Deque;

/** Acquires until the system refuses, gives back, and goes on. */
final class ExhaustedSystemMain {
  private static final long LARGE_BYTES = 64 << 20;
  private static final int ENOUGH = 1000;

  private ExhaustedSystemMain() {}

  public static void main(String[] arguments) {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build();
        ChunkPool chunks = ChunkPool.open(registry)) {
      SegmentPool pool = SegmentPool.over(chunks);
      ComponentToken token = registry.component("greedy").token();
      Deque<PooledSegment> segments = new ArrayDeque<>();
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
}
