package io.ullage.alloc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Tries every way to use a segment whose lifetime has ended, from its own thread and from another.
 */
final class UseAfterEndMain {
  @SuppressWarnings("restricted") // strlen has this signature
  private static final MethodHandle STRLEN =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("strlen"),
              FunctionDescriptor.of(JAVA_LONG, ADDRESS));

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
    useElsewhere("open after pool close", uses(open.segment()));
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

  /**
   * The owner's death ends what it left open: confined segments and arenas, once they are taken
   * back.
   */
  private static void afterOwner(ComponentRegistry registry, ComponentToken token)
      throws InterruptedException {
    try (ChunkPool chunks = ChunkPool.builder(registry).leakListener(leak -> {}).build()) {
      SegmentPool pool = SegmentPool.over(chunks);
      for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
        for (long byteSize : new long[] {64, 4096, 2 << 20}) {
          Left[] opened = new Left[1];
          builder.start(() -> opened[0] = Left.open(pool, token, byteSize)).join();
          chunks.trim().join();
          Left left = opened[0];
          // The memory is somebody else's by now, or the system's.
          PooledSegment next = pool.acquire(token, byteSize);
          String what = "owner ended, " + byteSize;
          useHereAndElsewhere(what + ", segment", left.ofSegment);
          useHereAndElsewhere(what + ", arena", left.ofArena);
          expect(what + ", close", left.segment::close);
          expect(what + ", detach", left.segment::detach);
          expect(what + ", slice", () -> left.segment.slice(0, 1));
          expect(what + ", move", () -> left.segment.moveTo(token));
          expect(what + ", allocate", () -> left.arena.allocate(8, 8));
          expect(what + ", arena close", left.arena::close);
          next.close();
        }
      }
    }
  }

  /** What a thread leaves open when it ends. */
  private record Left(
      PooledSegment segment,
      ComponentArena arena,
      Map<String, Runnable> ofSegment,
      Map<String, Runnable> ofArena) {
    static Left open(SegmentPool pool, ComponentToken token, long byteSize) {
      PooledSegment segment = pool.acquire(token, byteSize);
      ComponentArena arena = ComponentArena.ofConfined(pool.chunkPool(), token);
      return new Left(segment, arena, uses(segment.segment()), uses(arena.allocate(byteSize, 8)));
    }
  }

  /** Derives all that can be derived from a segment, ends it, and uses everything. */
  private static void tryAll(String what, MemorySegment segment, Runnable end)
      throws InterruptedException {
    Map<String, Runnable> uses = uses(segment);
    end.run();
    useHereAndElsewhere(what, uses);
  }

  private static void useHereAndElsewhere(String what, Map<String, Runnable> uses)
      throws InterruptedException {
    uses.forEach((name, use) -> expect(what + ", " + name, use));
    useElsewhere(what, uses);
  }

  private static void useElsewhere(String what, Map<String, Runnable> uses)
      throws InterruptedException {
    for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      builder
          .start(() -> uses.forEach((name, use) -> expect(what + ", elsewhere, " + name, use)))
          .join();
    }
  }

  /** Every way to get at the bytes, through views that are made while they may be. */
  @SuppressWarnings("restricted") // one of the ways
  private static Map<String, Runnable> uses(MemorySegment segment) {
    MemorySegment slice = segment.asSlice(8, 16);
    MemorySegment readOnly = segment.asReadOnly();
    ByteBuffer buffer = segment.asByteBuffer();
    MemorySegment ofBuffer = MemorySegment.ofBuffer(buffer.duplicate());
    MemorySegment reinterpreted = slice.reinterpret(8);
    MemorySegment eight = MemorySegment.ofArray(new byte[8]);
    Map<String, Runnable> uses = new LinkedHashMap<>();
    uses.put("get", () -> segment.get(JAVA_LONG, 0));
    uses.put("set", () -> segment.set(JAVA_LONG, 0, 1));
    uses.put("fill", () -> segment.fill((byte) 0));
    uses.put("slice get", () -> slice.get(JAVA_BYTE, 0));
    uses.put("late slice get", () -> segment.asSlice(0, 8).get(JAVA_BYTE, 0));
    uses.put("read-only get", () -> readOnly.get(JAVA_BYTE, 0));
    uses.put("buffer get", () -> buffer.get(0));
    uses.put("buffer put", () -> buffer.put(0, (byte) 1));
    uses.put("buffer slice get", () -> buffer.slice(0, 8).get(0));
    uses.put("buffer to array", () -> buffer.get(0, new byte[8]));
    uses.put("segment of buffer get", () -> ofBuffer.get(JAVA_BYTE, 0));
    uses.put("reinterpreted get", () -> reinterpreted.get(JAVA_BYTE, 0));
    uses.put("copy from", () -> MemorySegment.copy(segment, 0, eight, 0, 8));
    uses.put("copy to", () -> segment.copyFrom(eight));
    uses.put("mismatch", () -> segment.mismatch(eight));
    uses.put("to array", () -> slice.toArray(JAVA_BYTE));
    uses.put("string", () -> segment.getString(0));
    uses.put("set string", () -> segment.setString(0, "a"));
    uses.put("var handle", () -> JAVA_LONG.varHandle().getAndAdd(segment, 0L, 1L));
    uses.put("elements", () -> slice.elements(JAVA_LONG).forEach(each -> each.get(JAVA_LONG, 0)));
    uses.put("downcall", () -> stringLength(segment));
    uses.put("channel write", () -> transfer(buffer.duplicate(), true));
    uses.put("channel read", () -> transfer(buffer.duplicate(), false));
    uses.put("checksum", () -> new CRC32C().update(buffer.duplicate()));
    return uses;
  }

  private static void stringLength(MemorySegment segment) {
    try {
      var _ = (long) STRLEN.invokeExact(segment);
    } catch (RuntimeException | Error unchecked) {
      throw unchecked;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void transfer(ByteBuffer buffer, boolean write) {
    try (FileChannel channel =
        FileChannel.open(
            Path.of(write ? "/dev/null" : "/dev/zero"),
            write ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
      var _ = write ? channel.write(buffer) : channel.read(buffer);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
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
