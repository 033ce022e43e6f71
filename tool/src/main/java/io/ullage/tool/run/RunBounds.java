package io.ullage.tool.run;

import io.ullage.core.bounds.BoundsBuilder;
import io.ullage.core.bounds.MemoryBounds;
import io.ullage.core.bounds.UsageExpr;

/**
 * What the three components of a run need, and how the rest of the limit is shared out.
 *
 * <p>Source and sink need two chunks each: one that is worked on, one that changes hands. The queue
 * needs {@value #QUEUE_CHUNKS} chunks: below that, writing to disk, reading ahead and the resident
 * ends of the queue would wait for one another instead of overlapping. With chunks of 256 KiB that
 * is 1 + 8 MiB in all. On top, source and sink may take two more chunks each, for the rounding of
 * unusual chunk sizes; all else of the limit is the queue's.
 */
final class RunBounds implements MemoryBounds {
  static final String SOURCE = "source";
  static final String QUEUE = "queue";
  static final String SINK = "sink";

  /**
   * Four writes of eight chunks: two on their way to disk, one on its way back, one at the ends.
   */
  static final int QUEUE_CHUNKS = 32;

  private static final int STAGE_CHUNKS = 2;

  private final long chunkBytes;
  private final long limitBytes;

  /**
   * The bounds of a run.
   *
   * @param chunkBytes the size of a chunk
   * @param limitBytes what there is in all, after slop
   */
  RunBounds(long chunkBytes, long limitBytes) {
    this.chunkBytes = chunkBytes;
    this.limitBytes = limitBytes;
  }

  @Override
  public void specifyBounds(BoundsBuilder builder) {
    UsageExpr chunk = new UsageExpr.Config("chunk_bytes", chunkBytes);
    BoundsBuilder source = builder.subcomponent(SOURCE);
    source
        .minimum()
        .expression(chunks("chunk being filled and chunk being offered", chunk, STAGE_CHUNKS));
    source.firm().fixed("further chunks", stageFirmBytes());
    BoundsBuilder sink = builder.subcomponent(SINK);
    sink.minimum()
        .expression(chunks("chunk being consumed and chunk being taken", chunk, STAGE_CHUNKS));
    sink.firm().fixed("further chunks", stageFirmBytes());
    BoundsBuilder queue = builder.subcomponent(QUEUE);
    queue.minimum().expression(chunks("chunks on their way to and from disk", chunk, QUEUE_CHUNKS));
    queue.firm().fixed("rest of the limit", restBytes() - 2 * stageFirmBytes());
  }

  /** What the queue may have in all: the base of its default threshold and head reserve. */
  long queueBytes() {
    return Math.min(QUEUE_CHUNKS * chunkBytes + restBytes() - 2 * stageFirmBytes(), limitBytes);
  }

  private static UsageExpr chunks(String name, UsageExpr chunk, int count) {
    return UsageExpr.product(name, new UsageExpr.Constant(name + " (number)", count), chunk);
  }

  /** What the limit has beyond all minimums. */
  private long restBytes() {
    return Math.max(0, limitBytes - (2 * STAGE_CHUNKS + QUEUE_CHUNKS) * chunkBytes);
  }

  private long stageFirmBytes() {
    return Math.min(STAGE_CHUNKS * chunkBytes, restBytes() / 4);
  }
}
