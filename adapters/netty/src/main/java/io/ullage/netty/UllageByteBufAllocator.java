package io.ullage.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.ullage.alloc.ChunkPool;
import io.ullage.core.ComponentToken;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * A Netty allocator whose direct buffers come from a {@link ChunkPool} and are charged to a
 * component: install it with {@code ChannelOption.ALLOCATOR}, or use it by itself.
 *
 * <p>A buffer is charged to one component for as long as it lives, by the slot that it takes, and
 * also when it grows, wherever and by whomever that happens. It may be used and released by any
 * thread. Heap buffers are plain arrays, which the collector bounds: they are not charged, only
 * shown in {@link #metric()}.
 *
 * <p>Where a limit leaves no room, allocating and growing throw {@link
 * io.ullage.core.MemoryLimitException}, which is not an {@link OutOfMemoryError}: Netty hands it to
 * the pipeline's {@code exceptionCaught} and leaves the channel open. A buffer that could not grow
 * is as it was.
 *
 * <p>A use after release throws {@code IllegalReferenceCountException}, by Netty's own count. That
 * count is all there is: a {@code nioBuffer()} or {@code memoryAddress()} that is used after the
 * release reaches memory that may be somebody else's, as with any allocator of Netty; {@link
 * io.ullage.alloc.LeakDetection#PARANOID} finds the former. A buffer that is dropped unreleased is
 * reported by Netty's leak detector, if that tracked it, and by the pool, which takes the memory
 * back when neither the buffer nor a view of it can be reached.
 *
 * <p>Thread-safe. Close the pool after the last buffer was released; buffers that are released
 * later go back then.
 */
public final class UllageByteBufAllocator extends AbstractByteBufAllocator
    implements ByteBufAllocatorMetricProvider {
  private final ChunkPool pool;
  private final ComponentToken token;
  private final boolean followsCurrentToken;
  private final LongAdder directBytes = new LongAdder();
  private final LongAdder heapBytes = new LongAdder();
  private final ByteBufAllocatorMetric metric = new Metric();

  private UllageByteBufAllocator(ChunkPool pool, ComponentToken token, boolean followsCurrent) {
    super(true);
    this.pool = Objects.requireNonNull(pool, "pool");
    this.token = Objects.requireNonNull(token, "token");
    followsCurrentToken = followsCurrent;
    if (token.component().registry() != pool.registry()) {
      throw new IllegalArgumentException(
          "token " + token + ": belongs to another registry than the pool");
    }
  }

  /**
   * An allocator that charges one component.
   *
   * @param pool where the memory of direct buffers comes from
   * @param token whose component is charged
   * @return the allocator
   */
  public static UllageByteBufAllocator of(ChunkPool pool, ComponentToken token) {
    return new UllageByteBufAllocator(pool, token, false);
  }

  /**
   * An allocator that charges whomever the allocating thread works for: {@link
   * ComponentToken#current()} at the moment of the allocation. A buffer that grows goes on charging
   * its first component.
   *
   * @param pool where the memory of direct buffers comes from
   * @param otherwise whose component is charged when there is no current token, as on Netty's own
   *     threads
   * @return the allocator
   */
  public static UllageByteBufAllocator ofCurrentToken(ChunkPool pool, ComponentToken otherwise) {
    return new UllageByteBufAllocator(pool, otherwise, true);
  }

  /**
   * What this allocator's buffers hold: direct ones by what is charged for them, dropped ones
   * included; heap ones by their capacity.
   *
   * @return the live figures, in bytes
   */
  @Override
  public ByteBufAllocatorMetric metric() {
    return metric;
  }

  /** Always true: Netty then copies heap buffers that it writes into ours, not into the JDK's. */
  @Override
  public boolean isDirectBufferPooled() {
    return true;
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    ComponentToken charged = followsCurrentToken ? ComponentToken.current().orElse(token) : token;
    return toLeakAwareBuffer(new BlockByteBuf(this, charged, initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return new CountedHeapByteBuf(this, initialCapacity, maxCapacity);
  }

  BlockMemory take(ComponentToken charged, int capacity) {
    BlockMemory memory = BlockMemory.take(pool, charged, capacity);
    directBytes.add(memory.chargedBytes());
    return memory;
  }

  void give(BlockMemory memory) {
    memory.free();
    directBytes.add(-memory.chargedBytes());
  }

  void countHeap(long bytes) {
    heapBytes.add(bytes);
  }

  @Override
  public String toString() {
    return "UllageByteBufAllocator["
        + token.component().path()
        + (followsCurrentToken ? " unless a token is current]" : "]");
  }

  private final class Metric implements ByteBufAllocatorMetric {
    @Override
    public long usedHeapMemory() {
      return heapBytes.sum();
    }

    @Override
    public long usedDirectMemory() {
      return directBytes.sum();
    }

    @Override
    public String toString() {
      return "usedHeapMemory: " + usedHeapMemory() + ", usedDirectMemory: " + usedDirectMemory();
    }
  }
}
