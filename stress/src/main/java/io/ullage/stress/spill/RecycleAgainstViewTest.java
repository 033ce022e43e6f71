package io.ullage.stress.spill;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.MappedFileStore;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Protocol step: the spilling thread writes into a file that was just emptied, from its beginning,
 * while the fetching thread reads through the file's mapping.
 *
 * <p>Forbidden: a slot that belongs to a later round, or one that is called damaged. A file is
 * rewound, and its generation raised, only when no byte in it is live, in one step under its
 * monitor; bytes are live from the moment when room is taken for them until the fetching thread has
 * committed its copy.
 */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "what was written, or nothing yet")
@Outcome(expect = Expect.FORBIDDEN, desc = "a file was written to again under its reader")
@State
public class RecycleAgainstViewTest {
  private static final Shared SHARED = Shared.open();

  /** Writes the next entry. */
  @Actor
  public void spiller(ZZ_Result result) {
    result.r1 = SHARED.spillNext();
  }

  /** Reads the next two, so that the files are empty every now and then. */
  @Actor
  public void fetcher(ZZ_Result result) {
    boolean first = SHARED.fetchNext();
    result.r2 = SHARED.fetchNext() && first;
  }

  /**
   * One session for all the states of a fork: each actor keeps its own count, and no two actors of
   * one kind run at once.
   */
  private static final class Shared implements FetchTarget {
    private static final int ENTRY_BYTES = 6000;

    private final SpillSession session;
    private final ConcurrentLinkedQueue<SpilledRun> runs = new ConcurrentLinkedQueue<>();
    private final AtomicLong spilled = new AtomicLong();
    private final AtomicLong fetched = new AtomicLong();
    private final MemorySegment source = Arena.ofAuto().allocate(ENTRY_BYTES, 64);
    private final MemorySegment target = Arena.ofAuto().allocate(ENTRY_BYTES, 64);

    private Shared(SpillSession session) {
      this.session = session;
    }

    static Shared open() {
      try {
        return new Shared(
            MappedFileStore.builder(Files.createTempDirectory("ullage-stress"))
                .segmentBytes(64 << 10)
                .recycledBytes(128 << 10)
                .build()
                .open(1));
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }

    boolean spillNext() {
      long next = spilled.getAndIncrement();
      source.set(ValueLayout.JAVA_LONG, 0, next);
      source.set(ValueLayout.JAVA_LONG, ENTRY_BYTES - 8L, next);
      try {
        runs.add(session.spill(SpillBatch.single(next, source)));
        return true;
      } catch (IOException failure) {
        return false;
      }
    }

    boolean fetchNext() {
      SpilledRun run = runs.poll();
      if (run == null) {
        return true;
      }
      long expected = fetched.getAndIncrement();
      try {
        return session.fetch(run, this) == 1
            && target.get(ValueLayout.JAVA_LONG, 0) == expected
            && target.get(ValueLayout.JAVA_LONG, ENTRY_BYTES - 8L) == expected;
      } catch (IOException damaged) {
        return false;
      }
    }

    @Override
    public MemorySegment next(long byteSize) {
      return target;
    }

    @Override
    public void commit() {
      // What was copied is looked at when the fetch has returned.
    }
  }
}
