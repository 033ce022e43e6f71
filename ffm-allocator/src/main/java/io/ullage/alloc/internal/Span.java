package io.ullage.alloc.internal;

/**
 * A mapping: the memory of one chunk, or of one allocation above 1 MiB.
 *
 * @param address its first byte; 0 where the JDK manages it
 * @param byteSize its length
 * @param fresh whether every byte is still as the system gave it, that is, zero
 */
public record Span(long address, long byteSize, boolean fresh) {
  /** Memory that belongs to an arena of the JDK: it is counted here, but mapped and freed there. */
  static Span ofArena(long byteSize) {
    return new Span(0, byteSize, true);
  }

  /** Whether an arena of the JDK owns this memory. */
  public boolean isArenas() {
    return address == 0;
  }

  Span used() {
    return fresh ? new Span(address, byteSize, false) : this;
  }
}
