package io.ullage.tool.run;

import io.ullage.alloc.DetachedSegment;
import io.ullage.alloc.PooledSegment;
import io.ullage.core.ComponentToken;
import io.ullage.core.MemoryLimitException;
import io.ullage.spill.SpillQueue;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Takes chunks from the queue as component {@code sink}, at its own pace. */
final class SinkStage {
  private final SpillQueue queue;
  private final ComponentToken sink;
  private final RatePacer pacer;
  private final @Nullable OutputFile output;
  private final RunLedger ledger;

  SinkStage(
      SpillQueue queue,
      ComponentToken sink,
      RatePacer pacer,
      @Nullable OutputFile output,
      RunLedger ledger) {
    this.queue = queue;
    this.sink = sink;
    this.pacer = pacer;
    this.output = output;
    this.ledger = ledger;
  }

  /** Consumes up to the clean end of the queue. */
  void run() throws IOException, InterruptedException {
    MessageDigest digest = Sha256.begin();
    long bytes = 0;
    for (DetachedSegment chunk = queue.take(); chunk != null; chunk = queue.take()) {
      long size = chunk.byteSize();
      try (PooledSegment segment = own(chunk).attach()) {
        digest.update(segment.segment().asByteBuffer());
        if (output != null) {
          output.write(segment.segment().asByteBuffer());
        }
      }
      bytes += size;
      ledger.bytesOut(bytes);
      pacer.consumed(size);
    }
    ledger.sha256Out(HexFormat.of().formatHex(digest.digest()));
  }

  /**
   * Moves a chunk to the sink's account. For a moment both sides count, and a limit may have no
   * room for that: then the queue keeps the charge until the chunk is consumed, since that frees
   * it.
   */
  private DetachedSegment own(DetachedSegment chunk) {
    try {
      return chunk.moveTo(sink);
    } catch (MemoryLimitException noRoom) {
      return chunk;
    }
  }
}
