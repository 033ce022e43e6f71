package io.ullage.bench.spill;

import java.io.IOException;

/** A queue of entries of one size, used by one thread: push some, then drain them. */
interface ByteQueue extends AutoCloseable {
  /** Pushes an entry whose first byte is given. */
  void push(byte first) throws IOException, InterruptedException;

  /** Takes an entry; returns its first byte. */
  byte pop() throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
