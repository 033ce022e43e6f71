package io.ullage.bench.peer;

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

  /** A child that may use this many bytes. */
  public ArrowAllocator(long limitBytes) {
    root = new RootAllocator(limitBytes);
    child = root.newChildAllocator("benchmark", 0, limitBytes);
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
  }
}
