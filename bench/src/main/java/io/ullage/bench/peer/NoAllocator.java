package io.ullage.bench.peer;

/**
 * The control: no buffers at all, so that only what a benchmark does with them remains, such as the
 * queue between two threads.
 */
public final class NoAllocator implements PeerAllocator<Object> {
  private final Object buffer = new Object();

  @Override
  public Object acquire(long byteSize) {
    return buffer;
  }

  @Override
  public void set(Object nothing, long offset, long value) {}

  @Override
  public void zero(Object nothing, long byteSize) {}

  @Override
  public void release(Object nothing) {}

  @Override
  public boolean allowsForeignRelease() {
    return true;
  }

  @Override
  public void close() {}
}
