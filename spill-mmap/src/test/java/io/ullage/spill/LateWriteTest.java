package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.spill.internal.store.RealCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A write that ends long after its queue was closed. */
class LateWriteTest {
  private static final long SEGMENT_BYTES = 1 << 20;
  private static final int BYTES = 1000;

  @TempDir Path directory;

  /** The first write waits until it is let go. */
  private static final class HangingWrite extends RealCalls {
    private final AtomicInteger writes = new AtomicInteger();
    private final Semaphore permits = new Semaphore(0);

    @Override
    public int write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
      if (writes.getAndIncrement() == 0) {
        permits.acquireUninterruptibly();
      }
      return super.write(file, bytes, position);
    }
  }

  @Test
  void itsFileIsNobodyElsesBefore() throws Exception {
    HangingWrite calls = new HangingWrite();
    try (QueueFixture fixture = new QueueFixture(64 << 20);
        MappedFileStore store =
            MappedFileStore.builder(directory).segmentBytes(SEGMENT_BYTES).build(calls)) {
      SpillQueue closed = queueOver(fixture, store);
      SpillWriter writer = closed.writer();
      fixture.offer(writer, 0, BYTES);
      fixture.offer(writer, 1, BYTES);
      QueueFixture.eventually(() -> calls.writes.get() == 1, "the write hangs");
      closed.close();

      try (SpillQueue next = queueOver(fixture, store);
          SpillWriter nextWriter = next.writer()) {
        for (int i = 0; i < 3; i++) {
          fixture.offer(nextWriter, i, BYTES);
        }
        QueueFixture.eventually(
            () -> next.statistics().spilledBytes() > 0, "the next queue has spilled");
        assertThat(store.usage().diskBytes()).isEqualTo(2 * SEGMENT_BYTES);
        calls.permits.release();
        for (int i = 0; i < 3; i++) {
          fixture.expect(next, i, BYTES);
        }
      }
      QueueFixture.eventually(
          () -> fixture.queue.ownReservedBytes() == 0, "the spilling thread cleans up");
    }
  }

  private static SpillQueue queueOver(QueueFixture fixture, SpillStore store) throws IOException {
    return fixture
        .builder()
        .store(store)
        .spillPolicy(new EagerPolicy())
        .closeTimeout(Duration.ofMillis(1))
        .build();
  }
}
