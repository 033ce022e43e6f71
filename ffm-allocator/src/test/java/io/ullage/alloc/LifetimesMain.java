package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ullage.core.Component;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.lang.foreign.MemorySegment;

/** Goes once through all lifetimes and checks values and charges. */
final class LifetimesMain {
  static final int POOLS = 2;

  private static final long LIMIT_BYTES = 8 << 20;

  private LifetimesMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.out.println("native: " + ChunkPool.class.getModule().isNativeAccessEnabled());
    try (ComponentRegistry registry =
        ComponentRegistry.builder().limitBytes(LIMIT_BYTES).withoutCounterFile().build()) {
      ComponentToken token = registry.component("a").token();
      try (ChunkPool chunks = ChunkPool.open(registry);
          ChunkPool second = ChunkPool.open(registry)) {
        segments(SegmentPool.over(chunks), token, registry.component("b").token());
        arenas(second, token);
        unguarded(second, token);
        check(chunks.statistics().usedBytes() == 0, "nothing in use");
      }
      check(registry.root().totalReservedBytes() == 0, "nothing reserved");
    }
    System.out.println("all lifetimes worked");
  }

  private static void segments(SegmentPool pool, ComponentToken token, ComponentToken receiver)
      throws InterruptedException {
    PooledSegment open = pool.acquireZeroed(token, 1000);
    check(open.segment().mismatch(MemorySegment.ofArray(new byte[1000])) == -1, "zeroed");
    open.segment().set(JAVA_LONG, 0, 42);
    check(token.component().ownReservedBytes() >= 1000, "charged");
    long charged = open.chargedBytes();
    check(pool.chunkPool().statistics().usedBytes() == charged, "used is what is charged");
    DetachedSegment handle = open.detach().moveTo(receiver);
    check(token.component().ownReservedBytes() == 0, "moved away");
    Thread.ofPlatform()
        .start(
            () -> {
              try (PooledSegment attached = handle.attach()) {
                check(attached.segment().get(JAVA_LONG, 0) == 42, "carried over");
              }
            })
        .join();
    check(receiver.component().ownReservedBytes() == 0, "discharged");
    pool.acquire(token, 3 << 20).detach().discard();
    refused(token.component(), () -> pool.acquire(token, LIMIT_BYTES + 1).close());
    try {
      open.segment().get(JAVA_LONG, 0);
      throw new AssertionError("use after detach");
    } catch (IllegalStateException expected) {
      // That is the promise.
    }
  }

  private static void arenas(ChunkPool chunks, ComponentToken token) {
    for (boolean shared : new boolean[] {false, true}) {
      try (ComponentArena arena =
          shared
              ? ComponentArena.ofShared(chunks, token)
              : ComponentArena.ofConfined(chunks, token)) {
        for (int each = 0; each < 1000; each++) {
          MemorySegment segment = arena.allocate(64, 64);
          check(segment.get(JAVA_LONG, 0) == 0 && segment.address() % 64 == 0, "zeroed, aligned");
          segment.fill((byte) 1);
        }
        check(token.component().ownReservedBytes() == arena.chargedBytes(), "arena charged");
        refused(token.component(), () -> arena.allocate(LIMIT_BYTES + 1, 1));
      }
    }
  }

  private static void unguarded(ChunkPool chunks, ComponentToken token)
      throws InterruptedException {
    for (long byteSize : new long[] {1000, 3 << 20}) {
      UnguardedBlock block = UnguardedBlock.allocate(chunks, token, byteSize, 64);
      check(block.segment().address() % 64 == 0, "aligned");
      check(token.component().ownReservedBytes() == block.chargedBytes(), "block charged");
      Thread.ofPlatform().start(() -> block.segment().fill((byte) 1)).join();
      Thread.ofPlatform().start(block::free).join();
      check(token.component().ownReservedBytes() == 0, "block discharged");
    }
    refused(
        token.component(), () -> UnguardedBlock.allocate(chunks, token, LIMIT_BYTES + 1, 1).free());
  }

  private static void refused(Component component, Runnable allocation) {
    long before = component.ownReservedBytes();
    try {
      allocation.run();
    } catch (MemoryLimitException expected) {
      check(component.ownReservedBytes() == before, "a refusal leaves nothing behind");
      return;
    }
    throw new AssertionError("not refused");
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
