package io.ullage.alloc.internal;

import java.util.LinkedHashSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * All slots of one size class that no thread's cache holds.
 *
 * <p>Slots are taken from the chunk that has had room for longest, so that the others can run empty
 * and go back to the {@link ChunkSupply}. One empty chunk stays, against a chunk's coming and going
 * at a boundary, until it is trimmed. Thread-safe: one lock, taken once for half a magazine of
 * slots.
 */
final class Depot {
  private final int sizeClass;
  private final int slotBytes;
  private final ChunkSupply supply;
  private final ChunkDirectory directory;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashSet<Chunk> withRoom = new LinkedHashSet<>();
  private boolean closed;

  Depot(int sizeClass, ChunkSupply supply, ChunkDirectory directory) {
    this.sizeClass = sizeClass;
    this.slotBytes = SizeClasses.slotBytes(sizeClass);
    this.supply = supply;
    this.directory = directory;
  }

  /**
   * Takes at least one slot and at most {@code wanted}, making a chunk if there is none.
   *
   * @throws IllegalStateException if the pool is closed
   * @throws OutOfMemoryError if the system has no more memory
   */
  int take(long[] into, int wanted) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("The chunk pool is closed");
      }
      if (withRoom.isEmpty()) {
        addChunk();
      }
      int taken = 0;
      while (taken < wanted && !withRoom.isEmpty()) {
        Chunk chunk = withRoom.getFirst();
        taken += chunk.take(into, taken, wanted - taken);
        if (chunk.isFull()) {
          withRoom.remove(chunk);
        }
      }
      supply.countTaken((long) taken * slotBytes);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void give(long[] from, int begin, int end) {
    lock.lock();
    try {
      for (int each = begin; each < end; each++) {
        give(from[each]);
      }
      supply.countTaken(-(long) (end - begin) * slotBytes);
    } finally {
      lock.unlock();
    }
  }

  /** Hands the empty chunk over to the supply. */
  void trim() {
    lock.lock();
    try {
      withRoom.stream().filter(Chunk::isEmpty).toList().forEach(this::removeChunk);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    trim();
  }

  private void give(long address) {
    Chunk chunk = directory.find(address);
    if (chunk.isFull()) {
      withRoom.addLast(chunk);
    }
    chunk.give(address);
    if (chunk.isEmpty() && (closed || withRoom.size() > 1)) {
      removeChunk(chunk);
    }
  }

  private void addChunk() {
    Chunk chunk = new Chunk(supply.takeForChunk(SizeClasses.chunkBytes(sizeClass)), sizeClass);
    directory.add(chunk);
    withRoom.add(chunk);
  }

  private void removeChunk(Chunk chunk) {
    withRoom.remove(chunk);
    directory.remove(chunk);
    supply.giveFromChunk(chunk.span());
  }
}
