package io.ullage.arrow;

import io.ullage.alloc.ChunkPool;
import io.ullage.alloc.UnguardedBlock;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import java.util.Objects;
import java.util.function.Function;
import org.apache.arrow.memory.AllocationManager;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.ReferenceManager;
import org.apache.arrow.memory.RootAllocator;

/**
 * The memory of one Arrow buffer, which comes from a {@link ChunkPool} and is charged to a
 * component: {@link #rootAllocator} gives an allocator that takes all its memory so.
 *
 * <p>Arrow's own limits and figures work as ever, and count what was asked for; the component is
 * charged the slot, which is at most a quarter larger. Both bound an allocation. A refusal by ours
 * is Arrow's {@link OutOfMemoryException}, as its callers expect, with our {@link
 * MemoryLimitException} as its cause; both sides are then as they were before.
 *
 * <p>A buffer stays charged to its first component until it is freed, also when its ownership is
 * transferred between allocators. Any thread may use and release it. Arrow goes by addresses: what
 * is used after the last release is somebody else's memory, as with any allocation manager, and a
 * buffer that is dropped unreleased keeps its memory and its charge; it shows in the component's
 * figures, in Arrow's complaint when the allocator is closed, and in the pool's leak reports, if it
 * was sampled.
 *
 * <p>Thread-safe. Arrow itself needs {@code --add-opens java.base/java.nio=ALL-UNNAMED}, and one of
 * its own modules {@code arrow-memory-…} on the class path, though it is not used.
 */
public final class UllageAllocationManager extends AllocationManager {
  /** What Arrow's format recommends: a cache line, and the widest vector register. */
  private static final long ALIGNMENT_BYTES = 64;

  private final UnguardedBlock block;

  private UllageAllocationManager(BufferAllocator allocator, UnguardedBlock block) {
    super(allocator);
    this.block = block;
  }

  /**
   * A root allocator whose memory, and that of all allocators below it, is charged to one
   * component. Arrow sets it no limit: the component's counts.
   *
   * @param pool where memory comes from; to be closed after the allocator
   * @param token whose component is charged
   * @return an open allocator
   */
  public static RootAllocator rootAllocator(ChunkPool pool, ComponentToken token) {
    return new RootAllocator(
        RootAllocator.configBuilder().allocationManagerFactory(factory(pool, token)).build());
  }

  /**
   * What makes all memory be charged to one component, for a configuration of Arrow.
   *
   * @param pool where memory comes from
   * @param token whose component is charged
   * @return the factory
   */
  public static AllocationManager.Factory factory(ChunkPool pool, ComponentToken token) {
    Objects.requireNonNull(token, "token");
    return factory(pool, _ -> token);
  }

  /**
   * What makes the memory of each allocator be charged to a component of its own, for a
   * configuration of Arrow.
   *
   * @param pool where memory comes from
   * @param tokens answers, at each allocation, whose component is charged for an allocator, which
   *     can be told by its name
   * @return the factory
   */
  public static AllocationManager.Factory factory(
      ChunkPool pool, Function<? super BufferAllocator, ComponentToken> tokens) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(tokens, "tokens");
    return new Factory() {
      @Override
      public AllocationManager create(BufferAllocator accountingAllocator, long size) {
        return allocate(pool, tokens.apply(accountingAllocator), accountingAllocator, size);
      }

      @Override
      public ArrowBuf empty() {
        return new ArrowBuf(ReferenceManager.NO_OP, null, 0, 0);
      }
    };
  }

  private static UllageAllocationManager allocate(
      ChunkPool pool, ComponentToken token, BufferAllocator allocator, long byteSize) {
    UnguardedBlock block;
    try {
      // Pinned: whoever has an address of Arrow's is unknown to the collector.
      block = UnguardedBlock.allocatePinned(pool, token, byteSize, ALIGNMENT_BYTES);
    } catch (MemoryLimitException refusal) {
      throw new OutOfMemoryException(
          "Unable to allocate "
              + byteSize
              + " bytes for allocator "
              + allocator.getName()
              + ": "
              + refusal.getMessage(),
          refusal);
    }
    try {
      return new UllageAllocationManager(allocator, block);
    } catch (Throwable failure) {
      block.free();
      throw failure;
    }
  }

  @Override
  public long getSize() {
    return block.byteSize();
  }

  @Override
  protected long memoryAddress() {
    return block.segment().address();
  }

  @Override
  protected void release0() {
    block.free();
  }

  @Override
  public String toString() {
    return "UllageAllocationManager[" + block + "]";
  }
}
