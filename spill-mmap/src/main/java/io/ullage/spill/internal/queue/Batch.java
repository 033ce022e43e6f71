package io.ullage.spill.internal.queue;

import java.util.Arrays;

/**
 * The entries that the spilling thread has claimed, oldest first. Filled and emptied under the
 * queue's lock.
 */
final class Batch {
  private static final int INITIAL_CAPACITY = 16;

  private Node[] nodes = new Node[INITIAL_CAPACITY];
  private long[] byteSizes = new long[INITIAL_CAPACITY];
  private int size;
  private long firstSequence;
  private long firstOffset;

  void begin(long sequence, long offset) {
    Arrays.fill(nodes, 0, size, null);
    size = 0;
    firstSequence = sequence;
    firstOffset = offset;
  }

  void add(Node node) {
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * size);
      byteSizes = Arrays.copyOf(byteSizes, 2 * size);
    }
    nodes[size] = node;
    byteSizes[size] = node.byteSize;
    size++;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  Node node(int index) {
    return nodes[index];
  }

  long byteSize(int index) {
    return byteSizes[index];
  }

  /** Returns the sizes; only the first {@link #size()} count. */
  long[] byteSizes() {
    return byteSizes;
  }

  long sequence(int index) {
    return firstSequence + index;
  }

  /**
   * Returns the offset in the stream of all offered bytes at which an entry, or the end of the
   * batch, begins.
   */
  long offset(int index) {
    long offset = firstOffset;
    for (int i = 0; i < index; i++) {
      offset += byteSizes[i];
    }
    return offset;
  }
}
