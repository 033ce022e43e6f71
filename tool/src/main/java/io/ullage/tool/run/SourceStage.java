package io.ullage.tool.run;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.alloc.SegmentPool;
import io.ullage.core.ComponentToken;
import io.ullage.core.limiter.MemoryLimiter;
import io.ullage.spill.SpillWriter;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Reads the inputs into segments of component {@code source} and offers them to the queue. */
final class SourceStage implements Runnable {
  /** Acquiring and offering take a few microseconds; what takes longer was waiting for memory. */
  private static final long LEAST_WAIT_NANOS = 100_000;

  private final InputSequence inputs;
  private final int chunkBytes;
  private final SegmentPool segments;
  private final ComponentToken source;
  private final SpillWriter writer;
  private final MemoryLimiter limiter;
  private final StallLimit stallLimit;
  private final RunLedger ledger;
  private long waitedNanos;

  SourceStage(
      InputSequence inputs,
      int chunkBytes,
      SegmentPool segments,
      ComponentToken source,
      SpillWriter writer,
      MemoryLimiter limiter,
      StallLimit stallLimit,
      RunLedger ledger) {
    this.inputs = inputs;
    this.chunkBytes = chunkBytes;
    this.segments = segments;
    this.source = source;
    this.writer = writer;
    this.limiter = limiter;
    this.stallLimit = stallLimit;
    this.ledger = ledger;
  }

  /** Ends the queue cleanly after the last byte, or poisons it with what went wrong. */
  @Override
  public void run() {
    try {
      stream();
      writer.close();
    } catch (Throwable failure) {
      writer.fail(failure);
    }
  }

  private void stream() throws IOException, InterruptedException {
    MessageDigest digest = Sha256.begin();
    long bytes = 0;
    while (inputs.remaining() > 0) {
      int size = (int) Math.min(chunkBytes, inputs.remaining());
      long asked = System.nanoTime();
      limiter.awaitCapacity();
      PooledSegment chunk = stallLimit.retry(timeout -> segments.acquire(source, size, timeout));
      countWait(asked);
      DetachedSegment filled;
      try {
        inputs.read(chunk.segment());
        digest.update(chunk.segment().asByteBuffer());
        filled = chunk.detach();
      } catch (Throwable failure) {
        if (chunk.segment().scope().isAlive()) {
          chunk.close();
        }
        throw failure;
      }
      offer(filled);
      bytes += size;
      ledger.bytesIn(bytes);
    }
    ledger.sha256In(HexFormat.of().formatHex(digest.digest()));
  }

  private void offer(DetachedSegment filled) throws InterruptedException {
    long asked = System.nanoTime();
    try {
      stallLimit.retry(
          timeout -> {
            writer.offer(filled, timeout);
            return filled;
          });
    } catch (Throwable failure) {
      discard(filled, failure);
      throw failure;
    }
    countWait(asked);
  }

  private void countWait(long askedNanos) {
    long nanos = System.nanoTime() - askedNanos;
    if (nanos >= LEAST_WAIT_NANOS) {
      waitedNanos += nanos;
      ledger.backpressure(waitedNanos);
    }
  }

  private static void discard(DetachedSegment chunk, Throwable failure) {
    try {
      chunk.discard();
    } catch (IllegalStateException takenAlready) {
      failure.addSuppressed(takenAlready);
    }
  }
}
