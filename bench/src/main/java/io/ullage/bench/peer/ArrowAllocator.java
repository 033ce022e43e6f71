package io.ullage.bench.peer;

import io.ullage.alloc.ChunkPool;
import io.ullage.arrow.UllageAllocationManager;
import io.ullage.core.ComponentRegistry;
import io.ullage.core.ComponentToken;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * An Arrow child allocator with a limit, as Arrow's documentation has it: accounted and bounded,
 * like ours.
 */
public final class ArrowAllocator implements PeerAllocator<ArrowBuf> {
  private final RootAllocator root;
  private final BufferAllocator child;

  private final Runnable closing;

  /** A child that may use this many bytes. */
  public ArrowAllocator(long limitBytes) {
    this(new RootAllocator(limitBytes), limitBytes, () -> {});
  }

  private ArrowAllocator(RootAllocator root, long limitBytes, Runnable closing) {
    this.root = root;
    this.closing = closing;
    child = root.newChildAllocator("benchmark", 0, limitBytes);
  }

  /** The same on our memory, charged to a component two levels below a limited root as well. */
  public static ArrowAllocator onUllage(long limitBytes) {
    ComponentRegistry registry = ComponentRegistry.builder().limitBytes(limitBytes).build();
    ChunkPool chunks = ChunkPool.open(registry);
    ComponentToken token = registry.component("benchmark.buffers").token();
    return new ArrowAllocator(
        UllageAllocationManager.rootAllocator(chunks, token),
        limitBytes,
        () -> {
          chunks.close();
          registry.close();
        });
  }

  @Override
  public ArrowBuf acquire(long byteSize) {
    return child.buffer(byteSize);
  }

  @Override
  public void set(ArrowBuf buffer, long offset, long value) {
    buffer.setLong(offset, value);
  }

  @Override
  public void zero(ArrowBuf buffer, long byteSize) {
    buffer.setZero(0, byteSize);
  }

  @Override
  public void release(ArrowBuf buffer) {
    buffer.close();
  }

  @Override
  public boolean allowsForeignRelease() {
    return true;
  }

  @Override
  public void close() {
    child.close();
    root.close();
    closing.run();
  }
}
