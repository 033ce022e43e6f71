package io.ullage.bench.spill;

import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;

/** The JDK's queue of arrays, all of it in the heap. */
final class HeapByteQueue implements ByteQueue {
  private final LinkedBlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
  private final int size;

  HeapByteQueue(int size) {
    this.size = size;
  }

  @Override
  public void push(byte first) throws InterruptedException {
    byte[] entry = new byte[size];
    Arrays.fill(entry, first);
    queue.put(entry);
  }

  @Override
  public byte pop() throws InterruptedException {
    return queue.take()[size - 1];
  }

  @Override
  public void close() {
    queue.clear();
  }
}
