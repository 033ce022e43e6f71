package io.ullage.bench.alloc;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

/** The ways that benchmarks compare, by the value of their parameter {@code impl}. */
final class BufferSources {
  private static final Thread OTHER = Thread.ofPlatform().unstarted(() -> {});

  private BufferSources() {}

  static BufferSource<?> open(String impl, long byteSize, boolean zeroed) {
    return switch (impl) {
      case "ullage" -> new UllageSource(byteSize, zeroed);
      case "slice-confined" -> new SliceSource(byteSize, zeroed);
      case "arena-confined" -> new ArenaSource(byteSize, Arena::ofConfined);
      case "arena-shared" -> new ArenaSource(byteSize, Arena::ofShared);
      case "malloc" -> new MallocSource(byteSize, zeroed);
      default -> throw new IllegalArgumentException("impl: " + impl);
    };
  }

  /** A segment and the arena that ends it. */
  record Held(Arena arena, MemorySegment segment) {}

  /** One arena of the JDK for each buffer; it always zeroes. */
  private record ArenaSource(long byteSize, Supplier<Arena> arenas) implements BufferSource<Held> {
    @Override
    public Held acquire() {
      Arena arena = arenas.get();
      return new Held(arena, arena.allocate(byteSize, 16));
    }

    @Override
    public MemorySegment segment(Held handle) {
      return handle.segment();
    }

    @Override
    public void release(Held handle) {
      handle.arena().close();
    }

    @Override
    public Object detach(Held handle) {
      if (handle.segment().isAccessibleBy(OTHER)) {
        return handle;
      }
      throw new IllegalArgumentException("pattern: no other thread can close a confined arena");
    }
  }

  /**
   * The least that safety costs: a slice of one big segment with a confined scope; no pool, no
   * accounting.
   */
  private static final class SliceSource implements BufferSource<Held> {
    private static final int SLOTS = 512;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment slab;
    private final long byteSize;
    private final boolean zeroed;
    private int next;

    SliceSource(long byteSize, boolean zeroed) {
      this.byteSize = byteSize;
      this.zeroed = zeroed;
      slab = arena.allocate(byteSize * SLOTS, 4096);
    }

    @Override
    @SuppressWarnings("restricted") // the slab outlives its slices
    public Held acquire() {
      Arena scope = Arena.ofConfined();
      long offset = (next++ & (SLOTS - 1)) * byteSize;
      MemorySegment segment = slab.asSlice(offset, byteSize).reinterpret(scope, null);
      return new Held(scope, zeroed ? segment.fill((byte) 0) : segment);
    }

    @Override
    public MemorySegment segment(Held handle) {
      return handle.segment();
    }

    @Override
    public void release(Held handle) {
      handle.arena().close();
    }

    @Override
    public Object detach(Held handle) {
      handle.arena().close();
      return slab;
    }

    @Override
    @SuppressWarnings("restricted") // as in acquire
    public void releaseForeign(Object detached) {
      Arena scope = Arena.ofConfined();
      release(new Held(scope, slab.asSlice(0, byteSize).reinterpret(scope, null)));
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** The C library by downcalls that do not leave Java's state: no scope, no safety. */
  @SuppressWarnings("restricted") // that is what is measured
  private static final class MallocSource implements BufferSource<MemorySegment> {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MALLOC =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("malloc"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
            Linker.Option.critical(false));
    private static final MethodHandle FREE =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("free"),
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS),
            Linker.Option.critical(false));
    private final long byteSize;
    private final boolean zeroed;

    MallocSource(long byteSize, boolean zeroed) {
      this.byteSize = byteSize;
      this.zeroed = zeroed;
    }

    @Override
    public MemorySegment acquire() {
      try {
        MemorySegment address = (MemorySegment) MALLOC.invokeExact(byteSize);
        MemorySegment segment = address.reinterpret(byteSize);
        return zeroed ? segment.fill((byte) 0) : segment;
      } catch (Throwable impossible) {
        throw new LinkageError("malloc", impossible);
      }
    }

    @Override
    public MemorySegment segment(MemorySegment handle) {
      return handle;
    }

    @Override
    public void release(MemorySegment handle) {
      try {
        FREE.invokeExact(handle);
      } catch (Throwable impossible) {
        throw new LinkageError("free", impossible);
      }
    }
  }
}
