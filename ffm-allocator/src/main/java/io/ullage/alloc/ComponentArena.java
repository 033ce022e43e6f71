package io.ullage.alloc;

import io.ullage.alloc.internal.ScopedMemory;
import io.ullage.alloc.internal.Slot;
import io.ullage.alloc.internal.SlotHold;
import io.ullage.core.Component;
import io.ullage.core.ComponentToken;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An arena whose memory is charged to a component: for all code that takes an {@link Arena} or a
 * {@link SegmentAllocator}.
 *
 * <p>Segments are cut from blocks of the pool one after the other, which costs a few nanoseconds
 * each; {@link #close} gives all blocks back at once. The component is charged block by block, so
 * by somewhat more than the segments add up to. {@link #allocate} zeroes, as callers of an arena
 * expect; {@link #allocateUninitialized} does not.
 *
 * <p>A confined arena belongs to the thread that made it, and costs about 100 ns to open and close.
 * A shared one can be used and closed by any thread; closing it stops all threads for a moment
 * (30–100 µs), so let one serve many segments. After {@link #close} every segment of it throws
 * {@link IllegalStateException} on access.
 */
public final class ComponentArena implements Arena {
  /** The first block: small, since most arenas are. Each further one is twice as large. */
  private static final long FIRST_BLOCK_BYTES = 4 << 10;

  /**
   * The largest block for small segments, so that the unused end of the last one stays bearable.
   */
  private static final long LAST_BLOCK_BYTES = 256 << 10;

  /**
   * How much is zeroed ahead: a page at a time costs far less than each small segment by itself.
   */
  private static final long ZERO_AHEAD_BYTES = 4 << 10;

  /**
   * Where the next segment would begin while there is no block, before the first and after the
   * close: not even an empty one fits, so that only then the arena is asked whether it is open.
   */
  private static final long BEHIND_NO_BLOCK = 1;

  private final ChunkPool pool;
  private final Component component;
  private final Arena lifetime;
  private final @Nullable Thread owner;
  private final @Nullable ReentrantLock lock;
  private final ArenaBlocks blocks;

  /** For what is written in full at once: zeroing first would be paid for nothing. */
  private final SegmentAllocator uninitialized = this::allocateUninitialized;

  private MemorySegment block = MemorySegment.NULL;
  private long position = BEHIND_NO_BLOCK;
  private long zeroedUpTo;
  private long nextBlockBytes = FIRST_BLOCK_BYTES;

  private ComponentArena(
      ChunkPool pool,
      ComponentToken token,
      Arena lifetime,
      @Nullable Thread owner,
      @Nullable ReentrantLock lock) {
    pool.requireOwn(token);
    pool.slots().requireOpen();
    this.pool = pool;
    this.lifetime = lifetime;
    this.owner = owner;
    this.lock = lock;
    component = token.component();
    blocks = new ArenaBlocks(pool, component, lifetime.scope(), owner == null);
  }

  /**
   * An arena for the current thread alone.
   *
   * @param pool where memory comes from
   * @param token whose component is charged
   * @return an open arena
   * @throws IllegalStateException if the pool is closed
   */
  public static ComponentArena ofConfined(ChunkPool pool, ComponentToken token) {
    return new ComponentArena(pool, token, Arena.ofConfined(), Thread.currentThread(), null);
  }

  /**
   * An arena for all threads.
   *
   * @param pool where memory comes from
   * @param token whose component is charged
   * @return an open arena
   * @throws IllegalStateException if the pool is closed
   */
  public static ComponentArena ofShared(ChunkPool pool, ComponentToken token) {
    return new ComponentArena(pool, token, Arena.ofShared(), null, new ReentrantLock());
  }

  /**
   * Allocates a segment that is all zero.
   *
   * @param byteSize bytes, zero or more
   * @param byteAlignment a power of two
   * @return a segment that lives as long as this arena
   * @throws io.ullage.core.MemoryLimitException if a limit leaves no room for it
   * @throws IllegalStateException if this arena is closed, or its pool is and it needs more memory
   * @throws WrongThreadException if it is another thread's confined arena
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  @Override
  public MemorySegment allocate(long byteSize, long byteAlignment) {
    return allocate(byteSize, byteAlignment, true);
  }

  /**
   * Allocates a segment of arbitrary contents.
   *
   * @param byteSize bytes, zero or more
   * @param byteAlignment a power of two
   * @return a segment that lives as long as this arena
   * @throws io.ullage.core.MemoryLimitException if a limit leaves no room for it
   * @throws IllegalStateException if this arena is closed, or its pool is and it needs more memory
   * @throws WrongThreadException if it is another thread's confined arena
   * @throws OutOfMemoryError if the system has no more memory; nothing stays charged
   */
  public MemorySegment allocateUninitialized(long byteSize, long byteAlignment) {
    return allocate(byteSize, byteAlignment, false);
  }

  @Override
  public MemorySegment allocateFrom(String text, Charset charset) {
    return uninitialized.allocateFrom(text, charset);
  }

  @Override
  public MemorySegment allocateFrom(ValueLayout.OfByte layout, byte... elements) {
    return uninitialized.allocateFrom(layout, elements);
  }

  @Override
  public MemorySegment allocateFrom(ValueLayout.OfShort layout, short... elements) {
    return uninitialized.allocateFrom(layout, elements);
  }

  @Override
  public MemorySegment allocateFrom(ValueLayout.OfChar layout, char... elements) {
    return uninitialized.allocateFrom(layout, elements);
  }

  @Override
  public MemorySegment allocateFrom(ValueLayout.OfInt layout, int... elements) {
    return uninitialized.allocateFrom(layout, elements);
  }

  @Override
  public MemorySegment allocateFrom(ValueLayout.OfFloat layout, float... elements) {
    return uninitialized.allocateFrom(layout, elements);
  }

  @Override
  public MemorySegment allocateFrom(ValueLayout.OfLong layout, long... elements) {
    return uninitialized.allocateFrom(layout, elements);
  }

  @Override
  public MemorySegment allocateFrom(ValueLayout.OfDouble layout, double... elements) {
    return uninitialized.allocateFrom(layout, elements);
  }

  @Override
  public MemorySegment allocateFrom(
      ValueLayout elementLayout,
      MemorySegment source,
      ValueLayout sourceElementLayout,
      long sourceOffset,
      long elementCount) {
    return uninitialized.allocateFrom(
        elementLayout, source, sourceElementLayout, sourceOffset, elementCount);
  }

  @Override
  public MemorySegment.Scope scope() {
    return lifetime.scope();
  }

  /**
   * Who is charged.
   *
   * @return the component
   */
  public Component component() {
    return component;
  }

  /**
   * What the component is charged for this arena now.
   *
   * @return bytes
   */
  public long chargedBytes() {
    enter();
    try {
      return blocks.chargedBytes();
    } finally {
      leave();
    }
  }

  /**
   * Ends the lifetime of all its segments and gives their memory back.
   *
   * @throws IllegalStateException if it is closed already, or while a native call uses one of its
   *     segments; nothing has changed then
   * @throws WrongThreadException if it is another thread's confined arena
   */
  @Override
  public void close() {
    enter();
    try {
      lifetime.close();
      blocks.close();
      block = MemorySegment.NULL;
      position = BEHIND_NO_BLOCK;
    } finally {
      leave();
    }
  }

  private MemorySegment allocate(long byteSize, long byteAlignment, boolean zeroed) {
    Request.check(byteSize, byteAlignment);
    enter();
    try {
      long start = aligned(byteAlignment);
      if (byteSize > block.byteSize() - start || start < 0) {
        requireOpen();
        if (!pool.slots().isNative()) {
          blocks.take(byteSize, byteAlignment);
          return lifetime.allocate(byteSize, byteAlignment);
        }
        // Much larger than what is left over would waste it: such a segment gets its own block.
        if (byteSize + byteAlignment > nextBlockBytes >>> 1) {
          return allocateAlone(byteSize, byteAlignment, zeroed);
        }
        addBlock();
        start = aligned(byteAlignment);
      }
      position = start + byteSize;
      if (zeroed && position > zeroedUpTo) {
        zeroAhead(start);
      }
      return block.asSlice(start, byteSize);
    } finally {
      leave();
    }
  }

  private long aligned(long byteAlignment) {
    long base = block.address();
    return ((base + position + byteAlignment - 1) & -byteAlignment) - base;
  }

  private void zeroAhead(long start) {
    long from = Math.max(start, zeroedUpTo);
    long to = Math.min(block.byteSize(), Math.max(position, from + ZERO_AHEAD_BYTES));
    block.asSlice(from, to - from).fill((byte) 0);
    zeroedUpTo = to;
  }

  private MemorySegment allocateAlone(long byteSize, long byteAlignment, boolean zeroed) {
    Slot alone = blocks.take(byteSize, byteAlignment);
    MemorySegment segment = open(alone, byteSize);
    return zeroed && !SlotHold.isFresh(alone.hold()) ? segment.fill((byte) 0) : segment;
  }

  private void addBlock() {
    Slot added = blocks.take(nextBlockBytes, 1);
    block = open(added, added.chargedBytes());
    position = 0;
    zeroedUpTo = 0;
    nextBlockBytes = Math.min(2 * nextBlockBytes, LAST_BLOCK_BYTES);
  }

  private MemorySegment open(Slot taken, long byteSize) {
    return ScopedMemory.open(taken.address(), byteSize, lifetime);
  }

  private void requireOpen() {
    if (!lifetime.scope().isAlive()) {
      throw new IllegalStateException("Already closed");
    }
  }

  private void enter() {
    if (lock != null) {
      lock.lock();
    } else if (!Thread.currentThread().equals(owner)) {
      throw new WrongThreadException("This arena belongs to thread " + Objects.toString(owner));
    }
  }

  private void leave() {
    if (lock != null) {
      lock.unlock();
    }
  }
}
