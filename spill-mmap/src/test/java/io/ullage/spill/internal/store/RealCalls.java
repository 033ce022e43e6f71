package io.ullage.spill.internal.store;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The system's calls, for tests that put something in front of one of them. */
public class RealCalls implements SystemCalls {
  private final SystemCalls calls;

  /** Forwards every call to this system. */
  protected RealCalls() {
    this(LinuxSystemCalls.ofThisSystem());
  }

  /** Forwards every call to others. */
  protected RealCalls(SystemCalls calls) {
    this.calls = calls;
  }

  @Override
  public int allocate(Path file, long byteSize) {
    return calls.allocate(file, byteSize);
  }

  @Override
  public int populateRead(MemorySegment mapped) {
    return calls.populateRead(mapped);
  }

  @Override
  public int dropPages(MemorySegment mapped) {
    return calls.dropPages(mapped);
  }
}
