package io.ullage.spill.internal.queue;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The writers' side of a queue: admission, memory, appending. Thread-safe. */
public final class Writers {
  private final QueueEngine engine;
  private final MemoryGate gate;
  private final Admission admission;
  private int openWriters;
  private boolean hadWriters;

  Writers(QueueEngine engine) {
    this.engine = engine;
    this.gate = engine.gate();
    this.admission = new Admission(engine);
  }

  /** Under the lock: whether the last writer was closed. */
  boolean haveEnded() {
    return hadWriters && openWriters == 0;
  }

  /** Counts a writer in. */
  public void openWriter() {
    engine.lock();
    try {
      engine.checkOpen();
      if (hadWriters && openWriters == 0) {
        throw new IllegalStateException("the queue has ended: its last writer was closed");
      }
      hadWriters = true;
      openWriters++;
    } finally {
      engine.unlock();
    }
  }

  /** Counts a writer out; the last one ends the queue. */
  public void closeWriter() {
    engine.lock();
    try {
      openWriters--;
      if (openWriters == 0) {
        engine.readers().wake();
      }
    } finally {
      engine.unlock();
    }
  }

  /** Moves a segment in and appends it. */
  public void offer(DetachedSegment segment, long timeoutNanos) throws InterruptedException {
    admit(segment.byteSize(), timeoutNanos);
    append(
        gate.take(
            segment.chargedBytes(),
            room -> gate.headroom().fitsMoveFrom(segment.component(), room),
            timeoutNanos,
            () -> segment.moveTo(engine.settings().token()),
            () -> checkWaiting(segment.byteSize())));
  }

  /** Copies memory in and appends the copy. */
  public void offerCopy(MemorySegment bytes, long timeoutNanos) throws InterruptedException {
    long byteSize = bytes.byteSize();
    admit(byteSize, timeoutNanos);
    PooledSegment copy =
        gate.take(
            byteSize,
            gate.headroom()::fits,
            timeoutNanos,
            () -> engine.settings().pool().acquire(engine.settings().token(), byteSize),
            () -> checkWaiting(byteSize));
    try {
      copy.segment().copyFrom(bytes);
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
    append(copy.detach());
  }

  /** Waits while a full store keeps the offer out, as the queue was told to. */
  private void admit(long bytes, long timeoutNanos) throws InterruptedException {
    List<DetachedSegment> dropped = List.of();
    long left = timeoutNanos;
    engine.lock();
    try {
      engine.checkWritable();
      if (engine.health().takesNothing()) {
        dropped = new ArrayList<>();
        while (!admission.admits(bytes, dropped, left <= 0)) {
          left -= gate.awaitStore(left);
          engine.checkWritable();
        }
      }
    } finally {
      engine.unlock();
    }
    dropped.forEach(DetachedSegment::discard);
  }

  private void checkWaiting(long bytes) {
    engine.checkWritable();
    admission.memoryRefused(bytes);
  }

  private void append(DetachedSegment segment) {
    boolean becameReadable = false;
    boolean accepted = false;
    engine.lock();
    try {
      engine.checkWritable();
      becameReadable = engine.book().append(segment, engine.settings().merging());
      accepted = true;
      if (becameReadable) {
        engine.readers().wake();
      }
      engine.plan();
    } finally {
      engine.unlock();
      if (!accepted) {
        segment.discard();
      }
    }
    if (becameReadable) {
      engine.settings().onReadable().run();
    }
  }
}
