package io.ullage.bench.peer;

/**
 * The control: a bare object for each buffer, so that only what a benchmark does with them remains,
 * such as the way between two threads. The object is written when it is acquired and read when it
 * is released, as any allocator's is.
 */
public final class NoAllocator implements PeerAllocator<NoAllocator.Nothing> {
  @Override
  public Nothing acquire(long byteSize) {
    return new Nothing(byteSize);
  }

  @Override
  public void set(Nothing nothing, long offset, long value) {}

  @Override
  public void zero(Nothing nothing, long byteSize) {}

  @Override
  public void release(Nothing nothing) {
    if (nothing.byteSize < 0) {
      throw new AssertionError("acquired with " + nothing.byteSize + " bytes");
    }
  }

  @Override
  public boolean allowsForeignRelease() {
    return true;
  }

  @Override
  public void close() {}

  /** Stands for a buffer. */
  public static final class Nothing {
    private final long byteSize;

    private Nothing(long byteSize) {
      this.byteSize = byteSize;
    }
  }
}
