package io.ullage.alloc.internal;

/** No memory of our own: without native access every lifetime has an arena of the JDK. */
public final class UnmappedSource implements MemorySource {
  private static final long PAGE_BYTES = 4096;

  @Override
  public long pageBytes() {
    return PAGE_BYTES;
  }

  @Override
  public boolean isNative() {
    return false;
  }

  @Override
  public long map(long byteSize, long byteAlignment) {
    throw new UnsupportedOperationException("no native access");
  }

  @Override
  public void unmap(long address, long byteSize) {
    throw new UnsupportedOperationException("no native access");
  }
}
