package io.ullage.bench.system;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** What lies between source and sink: buffers of one size, and a queue of them. */
interface Pipeline extends AutoCloseable {
  /** Source: a buffer to fill; waits for memory. */
  Filling acquire() throws IOException, InterruptedException;

  /** Source: nothing more will come. */
  void end() throws IOException, InterruptedException;

  /**
   * Sink: gives the next buffer's bytes to the visitor and frees it.
   *
   * @return false when all have been seen
   */
  boolean next(Visitor visitor) throws IOException, InterruptedException;

  /** How many bytes went to a disk. */
  long writtenBytes();

  @Override
  void close() throws IOException;

  /** A buffer in the source's hands. */
  interface Filling {
    /** Where to write. */
    MemorySegment bytes();

    /** Hands it to the sink; waits for room. */
    void offer() throws IOException, InterruptedException;
  }

  /** What the sink does with a buffer. */
  @FunctionalInterface
  interface Visitor {
    /** Looks at its bytes. */
    void visit(MemorySegment bytes);
  }
}
