package io.ullage.spill;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.spill.internal.store.RealCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of segment files that are in this process, and entries that come back without any. */
class MappedPagesTest {
  private static final int SMALL = 9000;
  private static final int LARGE = 64 << 10;

  @TempDir Path directory;

  /** Notes how many pages are brought in, and what is charged at that moment. */
  private static class Noting extends RealCalls {
    private final LongSupplier chargedBytes;
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger failingReads = new AtomicInteger();
    private final ConcurrentLinkedQueue<Long> uncharged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger populated = new AtomicInteger();

    Noting(LongSupplier chargedBytes) {
      this.chargedBytes = chargedBytes;
    }

    @Override
    public int populateRead(MemorySegment mapped) {
      populated.incrementAndGet();
      if (chargedBytes.getAsLong() < mapped.byteSize()) {
        uncharged.add(mapped.byteSize());
      }
      return super.populateRead(mapped);
    }

    @Override
    public int read(FileChannel file, ByteBuffer bytes, long position) throws IOException {
      reads.incrementAndGet();
      if (failingReads.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IOException("Input/output error (injected)");
      }
      return super.read(file, bytes, position);
    }
  }

  private static Noting noting(QueueFixture fixture) {
    return new Noting(chargedFor(fixture));
  }

  private static LongSupplier chargedFor(QueueFixture fixture) {
    return () -> fixture.registry.snapshot().figures("queue").orElseThrow().own().externalBytes();
  }

  /** A kernel that maps more than was asked for, because that lies in one folio with it. */
  private static final class MappingFolios extends Noting {
    private final AtomicInteger broughtBack = new AtomicInteger();
    private @Nullable MemorySegment before;
    private volatile byte touched;

    MappingFolios(LongSupplier chargedBytes) {
      super(chargedBytes);
    }

    @Override
    public int populateRead(MemorySegment mapped) {
      int error = super.populateRead(mapped);
      MemorySegment earlier = before;
      before = mapped;
      if (earlier != null && isNextTo(earlier, mapped)) {
        touched = earlier.get(ValueLayout.JAVA_BYTE, earlier.byteSize() - 1);
        broughtBack.incrementAndGet();
      }
      return error;
    }

    private static boolean isNextTo(MemorySegment earlier, MemorySegment later) {
      long end = earlier.address() + earlier.byteSize();
      return earlier.address() < later.address() && later.address() <= end;
    }
  }

  private SpillQueue queueOver(QueueFixture fixture, SpillStore store) throws IOException {
    return fixture
        .builder()
        .store(store)
        .spillPolicy(new EagerPolicy())
        .prefetchPolicy(PrefetchPolicy.budget(256 << 10))
        .build();
  }

  private void passThrough(QueueFixture fixture, Noting calls, int entries, int byteSize)
      throws Exception {
    try (MappedFileStore store = MappedFileStore.builder(directory).build(calls);
        SpillQueue queue = queueOver(fixture, store);
        SpillWriter writer = queue.writer()) {
      for (int i = 0; i < entries; i++) {
        fixture.offer(writer, i, byteSize);
      }
      QueueFixture.eventually(
          () -> queue.statistics().spilledBytesTotal() > 0, "some entries are spilled");
      for (int i = 0; i < entries; i++) {
        fixture.expect(queue, i, byteSize);
      }
      assertThat(queue.statistics().isBalanced()).isTrue();
      QueueFixture.eventually(
          () -> residentKibibytes() == 0, "no page of a segment file is in this process");
    }
    assertThat(fixture.queue.totalReservedBytes()).isZero();
  }

  /** What this process has of the files in the directory, as the kernel says. */
  private long residentKibibytes() {
    long sum = 0;
    boolean ours = false;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
        if (line.startsWith("Rss:")) {
          sum += ours ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
        } else if (line.contains("-") && !line.startsWith("VmFlags")) {
          ours = line.contains(directory.toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum;
  }

  @Test
  void pagesThatAreBroughtInAreChargedToTheQueueForAsLongAsTheyAreThere() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      Noting calls = noting(fixture);
      passThrough(fixture, calls, 200, SMALL);
      assertThat(calls.populated.get()).isPositive();
      assertThat(calls.uncharged).isEmpty();
    }
  }

  @Test
  void pagesThatComeInBesideThoseThatWereAskedForLeaveWithThem() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      MappingFolios calls = new MappingFolios(chargedFor(fixture));
      passThrough(fixture, calls, 400, SMALL);
      assertThat(calls.broughtBack.get()).as("last touched: %s", calls.touched).isPositive();
    }
  }

  @Test
  void largeEntriesAreReadThroughTheChannelAndBringNoPagesIn() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      Noting calls = noting(fixture);
      passThrough(fixture, calls, 20, LARGE);
      assertThat(calls.populated.get()).isZero();
      assertThat(calls.reads.get()).isPositive();
    }
  }

  @Test
  void entriesComeBackWithoutPagesWhereThoseHaveNoRoom() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      Noting calls = noting(fixture);
      fixture.queue.setLimitBytes(800 << 10);
      passThrough(fixture, calls, 400, SMALL);
      assertThat(calls.uncharged).isEmpty();
      assertThat(calls.reads.get()).isPositive();
      assertThat(fixture.queue.peakReservedBytes()).isLessThanOrEqualTo(800 << 10);
    }
  }

  @Test
  void aReadThatFailsForAWhileCostsNoByteAndNoOrder() throws Exception {
    try (QueueFixture fixture = new QueueFixture(64 << 20)) {
      Noting calls = noting(fixture);
      calls.failingReads.set(4);
      passThrough(fixture, calls, 20, LARGE);
      assertThat(calls.failingReads.get()).isZero();
    }
  }
}
