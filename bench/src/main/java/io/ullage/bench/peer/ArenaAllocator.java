package io.ullage.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Supplier;

/** One of the JDK's arenas for each buffer, which zeroes what it allocates. */
public final class ArenaAllocator implements PeerAllocator<ArenaAllocator.Held> {
  private final Supplier<Arena> arenas;
  private final boolean shared;

  private ArenaAllocator(Supplier<Arena> arenas, boolean shared) {
    this.arenas = arenas;
    this.shared = shared;
  }

  /** {@link Arena#ofConfined()} for each buffer. */
  public static ArenaAllocator confined() {
    return new ArenaAllocator(Arena::ofConfined, false);
  }

  /** {@link Arena#ofShared()} for each buffer. */
  public static ArenaAllocator shared() {
    return new ArenaAllocator(Arena::ofShared, true);
  }

  @Override
  public Held acquire(long byteSize) {
    Arena arena = arenas.get();
    return new Held(arena, arena.allocate(byteSize, Long.BYTES));
  }

  @Override
  public void set(Held buffer, long offset, long value) {
    buffer.segment.set(ValueLayout.JAVA_LONG, offset, value);
  }

  /** Nothing is left to do: the arena zeroed the buffer. */
  @Override
  public void zero(Held buffer, long byteSize) {}

  @Override
  public void release(Held buffer) {
    buffer.arena.close();
  }

  @Override
  public boolean allowsForeignRelease() {
    return shared;
  }

  @Override
  public void close() {}

  /** An arena and its only segment. */
  public record Held(Arena arena, MemorySegment segment) {}
}
