package io.ullage.tool.spill;

import io.ullage.spill.SpillQueue;
import io.ullage.spill.SpillWriter;

/** One of the queues of a run, and which entry comes next out of it. */
final class StressQueue implements AutoCloseable {
  private final SpillQueue queue;
  private final SpillWriter writer;
  private long nextNumber;

  StressQueue(SpillQueue queue, long firstNumber) {
    this.queue = queue;
    this.writer = queue.writer();
    this.nextNumber = firstNumber;
  }

  SpillQueue queue() {
    return queue;
  }

  SpillWriter writer() {
    return writer;
  }

  long nextNumber() {
    return nextNumber;
  }

  void next(long number) {
    nextNumber = number;
  }

  @Override
  public void close() {
    writer.close();
    queue.close();
  }
}
