package io.ullage.bench.system;

import io.ullage.bench.spill.Folders;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.jspecify.annotations.Nullable;

/** Chronicle Queue: every buffer goes to a mapped file, and nothing bounds how many lie there. */
final class ChroniclePipeline implements Pipeline {
  /** Asks again after so long when there is nothing: its tailers do not wait. */
  private static final long PAUSE_NANOS = 20_000;

  private final int chunkBytes;
  private final Path folder = Folders.create();
  private final ChronicleQueue queue = SingleChronicleQueueBuilder.single(folder.toFile()).build();
  private final byte[] written;
  private final byte[] read;

  /** Made and closed by the source: an appender belongs to one thread. */
  private @Nullable ExcerptAppender appender;

  private final ExcerptTailer tailer;
  private long offeredBytes;
  private volatile boolean ended;

  ChroniclePipeline(int chunkBytes) throws IOException {
    this.chunkBytes = chunkBytes;
    written = new byte[chunkBytes];
    read = new byte[chunkBytes];
    tailer = queue.createTailer();
  }

  @Override
  public Filling acquire() {
    ExcerptAppender to = appender == null ? queue.createAppender() : appender;
    appender = to;
    MemorySegment bytes = MemorySegment.ofArray(written);
    return new Filling() {
      @Override
      public MemorySegment bytes() {
        return bytes;
      }

      @Override
      public void offer() {
        to.writeBytes(entry -> entry.write(written));
        offeredBytes += chunkBytes;
      }
    };
  }

  @Override
  public void end() {
    if (appender != null) {
      appender.close();
    }
    ended = true;
  }

  @Override
  public boolean next(Visitor visitor) {
    while (true) {
      boolean last = ended;
      if (tailer.readBytes(entry -> entry.read(read))) {
        visitor.visit(MemorySegment.ofArray(read));
        return true;
      }
      if (last) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public long writtenBytes() {
    return offeredBytes;
  }

  @Override
  public void close() throws IOException {
    tailer.close();
    queue.close();
    Folders.delete(folder);
  }
}
