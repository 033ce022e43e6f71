package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tries every way to use a segment whose lifetime has ended, from its own thread and from another.
 */
final class UseAfterEndMain {
  private static int tried;
  private static int failed;

  private UseAfterEndMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    try (ComponentRegistry registry = ComponentRegistry.builder().withoutCounterFile().build()) {
      ComponentToken token = registry.component("victim").token();
      afterSegments(registry, token);
      afterArenas(registry, token);
      afterOwner(registry, token);
    }
    System.out.println(failed == 0 ? "every use threw: " + tried : "UNEXPECTED: " + failed);
    System.exit(failed == 0 ? 0 : 1);
  }

  private static void afterSegments(ComponentRegistry registry, ComponentToken token)
      throws InterruptedException {
    ChunkPool chunks = ChunkPool.open(registry);
    SegmentPool pool = SegmentPool.over(chunks);
    for (long byteSize : new long[] {64, 4096, 2 << 20}) {
      PooledSegment closed = pool.acquire(token, byteSize);
      tryAll("closed " + byteSize, closed.segment(), closed::close);
      PooledSegment detached = pool.acquire(token, byteSize);
      DetachedSegment[] handle = new DetachedSegment[1];
      tryAll("detached " + byteSize, detached.segment(), () -> handle[0] = detached.detach());
      DetachedSegment used = handle[0];
      used.discard();
      expect("attach of a used handle", used::attach);
      expect("discard of a used handle", used::discard);
      expect("close after detach", detached::close);
      expect("slice after close", () -> closed.slice(0, 1));
      // The slot is somebody else's by now, who must see none of it.
      PooledSegment next = pool.acquire(token, byteSize);
      next.segment().fill((byte) 3);
      expect("read after reuse", () -> closed.segment().get(JAVA_BYTE, 0));
      next.close();
    }
    PooledSegment open = pool.acquire(token, 64);
    DetachedSegment detached = pool.acquire(token, 64).detach();
    chunks.close();
    expect("acquire after pool close", () -> pool.acquire(token, 64));
    expect("attach after pool close", detached::attach);
    open.segment().fill((byte) 1);
    tryAll("closed after pool close", open.segment(), open::close);
    detached.discard();
  }

  private static void afterArenas(ComponentRegistry registry, ComponentToken token)
      throws InterruptedException {
    try (ChunkPool chunks = ChunkPool.open(registry)) {
      ComponentArena confined = ComponentArena.ofConfined(chunks, token);
      tryAll("confined arena", confined.allocate(4096, 8), confined::close);
      expect("allocate after close", () -> confined.allocate(8, 8));
      ComponentArena shared = ComponentArena.ofShared(chunks, token);
      tryAll("shared arena", shared.allocate(4096, 8), shared::close);
      expect("allocate after close", () -> shared.allocate(8, 8));
    }
  }

  private static void afterOwner(ComponentRegistry registry, ComponentToken token)
      throws InterruptedException {
    try (ChunkPool chunks = ChunkPool.builder(registry).leakListener(leak -> {}).build()) {
      SegmentPool pool = SegmentPool.over(chunks);
      PooledSegment[] left = new PooledSegment[1];
      Thread.ofPlatform().start(() -> left[0] = pool.acquire(token, 64)).join();
      chunks.trim().join();
      expect("read after the owner ended", () -> left[0].segment().get(JAVA_BYTE, 0));
      expect("close after the owner ended", left[0]::close);
      expect("detach after the owner ended", left[0]::detach);
    }
  }

  /**
   * Derives all that can be derived from a segment, ends it, and uses everything from two threads.
   */
  @SuppressWarnings("restricted") // one of the ways
  private static void tryAll(String what, MemorySegment segment, Runnable end)
      throws InterruptedException {
    MemorySegment slice = segment.asSlice(8, 16);
    MemorySegment readOnly = segment.asReadOnly();
    ByteBuffer buffer = segment.asByteBuffer();
    MemorySegment reinterpreted = slice.reinterpret(8);
    end.run();
    Map<String, Runnable> uses = new LinkedHashMap<>();
    uses.put("get", () -> segment.get(JAVA_LONG, 0));
    uses.put("set", () -> segment.set(JAVA_LONG, 0, 1));
    uses.put("fill", () -> segment.fill((byte) 0));
    uses.put("slice get", () -> slice.get(JAVA_BYTE, 0));
    uses.put("read-only get", () -> readOnly.get(JAVA_BYTE, 0));
    uses.put("buffer get", () -> buffer.get(0));
    uses.put("buffer put", () -> buffer.put(0, (byte) 1));
    uses.put("reinterpreted get", () -> reinterpreted.get(JAVA_BYTE, 0));
    uses.put(
        "copy from",
        () -> MemorySegment.copy(segment, 0, MemorySegment.ofArray(new byte[8]), 0, 8));
    uses.put("copy to", () -> segment.copyFrom(MemorySegment.ofArray(new byte[8])));
    uses.put("mismatch", () -> segment.mismatch(MemorySegment.ofArray(new byte[8])));
    uses.put("to array", () -> slice.toArray(JAVA_BYTE));
    uses.put("string", () -> segment.getString(0));
    uses.put("var handle", () -> JAVA_LONG.varHandle().getAndAdd(segment, 0L, 1L));
    uses.forEach((name, use) -> expect(what + ", " + name, use));
    Thread other =
        Thread.ofPlatform()
            .start(() -> uses.forEach((name, use) -> expect(what + ", elsewhere, " + name, use)));
    other.join();
  }

  private static void expect(String what, Runnable use) {
    tried++;
    try {
      use.run();
      failed++;
      System.out.println("UNEXPECTED: nothing thrown: " + what);
    } catch (IllegalStateException | WrongThreadException expected) {
      // That is the promise.
    } catch (RuntimeException unexpected) {
      failed++;
      System.out.println("UNEXPECTED: " + unexpected + ": " + what);
    }
  }
}
