package io.ullage.spill.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A segment file is given back by whichever thread is done with it last. The fetching thread is
 * stopped inside a system call over the mapping of a file whose last entry it has read; meanwhile
 * the spilling thread goes on to another file.
 */
class SegmentReturnTest {
  private static final int SEGMENT_BYTES = 64 << 10;
  private static final int SMALL = 1000;
  private static final int WHOLE_SEGMENT = SEGMENT_BYTES - SpillBatch.GAP_BYTES;

  @TempDir Path directory;

  private final ExecutorService spillingThread = Executors.newSingleThreadExecutor();
  private final Arena arena = Arena.ofShared();
  private final Stopping calls = new Stopping();
  private MappedFiles files;
  private SpillSession session;

  /** The system's calls, which run an action before pages are dropped, and fail to write. */
  private static final class Stopping extends RealCalls {
    private Callable<?> beforeDrop = () -> null;
    private boolean sawUnmapped;
    private volatile boolean failsToWrite;

    @Override
    public int dropPages(MemorySegment mapped) {
      Callable<?> action = beforeDrop;
      beforeDrop = () -> null;
      try {
        action.call();
      } catch (Exception e) {
        throw new AssertionError("the spilling thread failed", e);
      }
      sawUnmapped |= !mapped.scope().isAlive();
      return super.dropPages(mapped);
    }

    @Override
    public int write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
      if (failsToWrite) {
        throw new IOException("Input/output error (injected)");
      }
      return super.write(file, bytes, position);
    }
  }

  /** Takes every entry, and runs an action before the last one asked for. */
  private final class Target implements FetchTarget {
    private int left;
    private final Callable<?> beforeLast;

    Target(int entries, Callable<?> beforeLast) {
      this.left = entries;
      this.beforeLast = beforeLast;
    }

    @Override
    public MemorySegment next(long byteSize) {
      left--;
      if (left == 0) {
        try {
          beforeLast.call();
        } catch (Exception e) {
          throw new AssertionError("the spilling thread failed", e);
        }
      }
      return arena.allocate(byteSize, 16);
    }

    @Override
    public void commit() {
      // What it holds is looked at elsewhere.
    }
  }

  @BeforeEach
  void open() throws Exception {
    files =
        MappedFiles.open(
            List.of(directory),
            SEGMENT_BYTES,
            0,
            new DiskBudget(Long.MAX_VALUE, 0),
            MemoryCharge.ofNobody(),
            calls);
    session = files.open(7);
  }

  @AfterEach
  void close() {
    spillingThread.shutdown();
    session.close();
    files.close();
    assertThat(files.usage()).isEqualTo(StoreUsage.EMPTY);
    arena.close();
  }

  private SpilledRun spill(long sequence, int... byteSizes) throws Exception {
    try {
      return spillingThread.submit(() -> session.spill(batch(sequence, byteSizes))).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private SpillBatch batch(long sequence, int... byteSizes) {
    long frameBytes = 0;
    long[] sizes = new long[byteSizes.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = byteSizes[i];
      frameBytes += SpillBatch.framedSize(sizes[i]);
    }
    return SpillBatch.framed(sequence, arena.allocate(frameBytes, 64), sizes, sizes.length);
  }

  private void fetch(SpilledRun run, int entries) throws IOException {
    assertThat(session.fetch(run, new Target(entries, () -> null))).isEqualTo(entries);
  }

  @Test
  void aFileWhoseLastEntryWasReadIsNotUnmappedWhileItsPagesAreDropped() throws Exception {
    SpilledRun first = spill(0, SMALL, WHOLE_SEGMENT / 2);
    // All of the first file is free again, and yet it is too small for the next batch.
    calls.beforeDrop = () -> spill(2, WHOLE_SEGMENT, SMALL);
    fetch(first, 2);
    assertThat(calls.sawUnmapped).isFalse();
    assertThat(session.usage().diskBytes())
        .as("the reader gave the first file back")
        .isEqualTo(2 * SEGMENT_BYTES);
  }

  @Test
  void aFileThatIsSealedWhileItsLastEntryIsFetchedIsGivenBackByTheFetchingThread()
      throws Exception {
    SpilledRun first = spill(0, SMALL, SMALL);
    Target target = new Target(2, () -> spill(2, WHOLE_SEGMENT));
    assertThat(session.fetch(first, target)).isEqualTo(2);
    assertThat(calls.sawUnmapped).isFalse();
    assertThat(session.usage().diskBytes()).isEqualTo(SEGMENT_BYTES);
  }

  @Test
  void aFileThatCannotBeWrittenIsNotUnmappedWhileItsPagesAreDropped() throws Exception {
    SpilledRun first = spill(0, SMALL);
    calls.beforeDrop =
        () -> {
          calls.failsToWrite = true;
          try {
            return spill(1, SMALL);
          } catch (IOException injected) {
            return injected;
          } finally {
            calls.failsToWrite = false;
          }
        };
    fetch(first, 1);
    assertThat(calls.sawUnmapped).isFalse();
    assertThat(session.usage()).as("nothing is left").isEqualTo(StoreUsage.EMPTY);
    fetch(spill(1, SMALL), 1);
  }

  @Test
  void aFileThatWasNotReadToItsEndIsUsedFromItsStartByTheNextSession() throws Exception {
    files.close();
    files =
        MappedFiles.open(
            List.of(directory),
            SEGMENT_BYTES,
            SEGMENT_BYTES,
            new DiskBudget(Long.MAX_VALUE, 0),
            MemoryCharge.ofNobody(),
            calls);
    session.close();
    session = files.open(8);
    spill(0, SMALL);
    session.close();
    session = files.open(9);
    SpilledRun run = spill(0, WHOLE_SEGMENT);
    assertThat(files.usage().diskBytes()).as("the same file").isEqualTo(SEGMENT_BYTES);
    SpilledRun next = spill(1, WHOLE_SEGMENT);
    fetch(run, 1);
    assertThat(session.usage().diskBytes()).as("it was given back").isEqualTo(SEGMENT_BYTES);
    fetch(next, 1);
  }

  @Test
  void adviceAboutMemoryThatIsNotMappedIsAnswered() {
    SystemCalls system = LinuxSystemCalls.ofThisSystem();
    MemorySegment gone;
    try (Arena shortLived = Arena.ofConfined()) {
      gone = shortLived.allocate(SEGMENT_BYTES, SEGMENT_BYTES);
    }
    assertThat(system.dropPages(gone)).isNotZero();
    assertThat(system.populateRead(gone)).isNotZero();
  }
}
