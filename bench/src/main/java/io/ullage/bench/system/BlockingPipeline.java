package io.ullage.bench.system;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * The JDK's blocking queue of somebody's buffers. What bounds it is their number: as many as fit
 * into the limit.
 *
 * @param <B> a buffer
 */
final class BlockingPipeline<B> implements Pipeline {
  private final Buffers<B> buffers;
  private final int chunkBytes;
  private final Semaphore room;
  private final BlockingQueue<Optional<B>> queue = new LinkedBlockingQueue<>();

  /**
   * Somebody's buffers.
   *
   * @param <B> a buffer
   */
  interface Buffers<B> extends AutoCloseable {
    /** Acquires one. */
    B acquire(int bytes);

    /** Its bytes. */
    MemorySegment bytes(B buffer, int bytes);

    /** Frees it, on another thread than the one that acquired it. */
    void release(B buffer);

    @Override
    void close();
  }

  BlockingPipeline(Buffers<B> buffers, long limitBytes, int chunkBytes) {
    this.buffers = buffers;
    this.chunkBytes = chunkBytes;
    this.room = new Semaphore((int) (limitBytes / chunkBytes));
  }

  @Override
  public Filling acquire() throws InterruptedException {
    room.acquire();
    B buffer = buffers.acquire(chunkBytes);
    MemorySegment bytes = buffers.bytes(buffer, chunkBytes);
    return new Filling() {
      @Override
      public MemorySegment bytes() {
        return bytes;
      }

      @Override
      public void offer() throws InterruptedException {
        queue.put(Optional.of(buffer));
      }
    };
  }

  @Override
  public void end() throws InterruptedException {
    queue.put(Optional.empty());
  }

  @Override
  public boolean next(Visitor visitor) throws InterruptedException {
    Optional<B> next = queue.take();
    if (next.isEmpty()) {
      return false;
    }
    visitor.visit(buffers.bytes(next.get(), chunkBytes));
    buffers.release(next.get());
    room.release();
    return true;
  }

  @Override
  public long writtenBytes() {
    return 0;
  }

  @Override
  public void close() throws IOException {
    buffers.close();
  }
}
