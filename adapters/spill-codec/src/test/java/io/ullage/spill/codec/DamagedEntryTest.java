package io.ullage.spill.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.HeapStore;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillDamageException;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpillStore;
import io.ullage.spill.SpilledRun;
import io.ullage.spill.StoreUsage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The other store gives back what it did not get. */
class DamagedEntryTest {
  /** Fills what it fetches with one byte. */
  private static final class Garbling implements SpillStore {
    private final SpillStore inner = new HeapStore();

    @Override
    public SpillSession open(long queueId) throws IOException {
      SpillSession session = inner.open(queueId);
      return new SpillSession() {
        @Override
        public SpilledRun spill(SpillBatch batch) throws IOException {
          return session.spill(batch);
        }

        @Override
        public int fetch(SpilledRun run, FetchTarget target) throws IOException {
          return session.fetch(run, new GarblingTarget(target));
        }

        @Override
        public long discardFirst(SpilledRun run, int entries) {
          return session.discardFirst(run, entries);
        }

        @Override
        public void release(SpilledRun run) {
          session.release(run);
        }

        @Override
        public void close() {
          session.close();
        }
      };
    }

    @Override
    public StoreUsage usage() {
      return inner.usage();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private static final class GarblingTarget implements FetchTarget {
    private final FetchTarget target;
    private MemorySegment given = MemorySegment.NULL;

    GarblingTarget(FetchTarget target) {
      this.target = target;
    }

    @Override
    public MemorySegment next(long byteSize) {
      MemorySegment next = target.next(byteSize);
      if (next == null) {
        throw new AssertionError("the test's target always has memory");
      }
      given = next;
      return next;
    }

    @Override
    public void commit() {
      given.fill((byte) 0xFF);
      target.commit();
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void isATypedErrorAtThatEntryAndCanBeSkipped(Compression compression) throws Exception {
    try (CompressingStore store = new CompressingStore(new Garbling(), compression);
        SpillSession session = store.open(1);
        Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(10_000, 64).fill((byte) 1);
      SpilledRun run = session.spill(SpillBatch.single(41, entry));
      FetchTarget target =
          new FetchTarget() {
            @Override
            public MemorySegment next(long byteSize) {
              return arena.allocate(byteSize, 64);
            }

            @Override
            public void commit() {
              throw new AssertionError("nothing to commit");
            }
          };
      assertThatThrownBy(() -> session.fetch(run, target))
          .isInstanceOfSatisfying(
              SpillDamageException.class, damage -> assertThat(damage.sequence()).isEqualTo(41));
      assertThat(session.discardFirst(run, 1)).isEqualTo(10_000);
    }
  }

  @Test
  void anEntryThatDoesNotShrinkIsStoredAsItIs() throws Exception {
    try (CompressingStore store = new CompressingStore(new HeapStore(), Compression.LZ4);
        SpillSession session = store.open(1);
        Arena arena = Arena.ofConfined()) {
      byte[] random = new byte[5000];
      new java.util.Random(1).nextBytes(random);
      MemorySegment entry = arena.allocate(5000, 64).copyFrom(MemorySegment.ofArray(random));
      session.spill(SpillBatch.single(0, entry));
      assertThat(store.storedBytesTotal()).isEqualTo(5000);
    }
  }
}
