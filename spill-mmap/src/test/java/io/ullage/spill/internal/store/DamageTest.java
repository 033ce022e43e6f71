package io.ullage.spill.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ullage.spill.FetchTarget;
import io.ullage.spill.SpillBatch;
import io.ullage.spill.SpillDamageException;
import io.ullage.spill.SpillSession;
import io.ullage.spill.SpilledRun;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What stands in a file is not what was written: a typed error at that entry, never a wrong byte,
 * never a crash.
 */
class DamageTest {
  private static final int ENTRY_BYTES = 1000;
  private static final int SLOT_BYTES = 64 + 1024;

  @TempDir Path directory;

  private final Arena arena = Arena.ofConfined();
  private BackDoors doors = new BackDoors();
  private MappedFiles files;
  private SpillSession session;

  @BeforeEach
  void open() throws IOException {
    files =
        MappedFiles.open(
            List.of(directory),
            256 << 10,
            0,
            new DiskBudget(Long.MAX_VALUE, 0),
            MemoryCharge.ofNobody(),
            doors);
    session = files.open(7);
  }

  @AfterEach
  void close() throws IOException {
    session.close();
    files.close();
    doors.close();
    arena.close();
  }

  private SpilledRun spill(int entries) throws IOException {
    MemorySegment frame = arena.allocate((long) entries * SLOT_BYTES, 64);
    long[] sizes = new long[entries];
    for (int i = 0; i < entries; i++) {
      sizes[i] = ENTRY_BYTES;
      frame.asSlice((long) i * SLOT_BYTES + 64, ENTRY_BYTES).fill((byte) (i + 1));
    }
    return session.spill(SpillBatch.framed(100, frame, sizes, entries));
  }

  private final class Target implements FetchTarget {
    final List<byte[]> entries = new ArrayList<>();
    private MemorySegment open = MemorySegment.NULL;

    @Override
    public MemorySegment next(long byteSize) {
      open = arena.allocate(byteSize, 8);
      return open;
    }

    @Override
    public void commit() {
      entries.add(open.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private void flip(long position) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    FileChannel door = doors.first();
    door.read(one, position);
    one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
    door.write(one, position);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 6, 8, 15, 16, 23, 24, 31, 32, 39, 40, 43, 44, 47, 64, 500, 1063})
  void aFlippedByteIsAnErrorAtItsEntryAndNoOther(int offset) throws IOException {
    SpilledRun run = spill(3);
    flip(SLOT_BYTES + offset);
    Target target = new Target();
    assertThatThrownBy(() -> session.fetch(run, target))
        .isInstanceOfSatisfying(
            SpillDamageException.class, damage -> assertThat(damage.sequence()).isEqualTo(101));
    assertThat(target.entries).hasSize(1);
    assertThatThrownBy(() -> session.fetch(run, target)).isInstanceOf(SpillDamageException.class);
    session.discardFirst(run, 1);
    assertThat(session.fetch(run, target)).isEqualTo(1);
    assertThat(target.entries.get(1)).hasSize(ENTRY_BYTES).containsOnly(3);
  }

  @Test
  void everyFlippedBitOfAHeaderIsSeen() throws IOException {
    for (int offset = 0; offset < 48; offset++) {
      SpilledRun run = spill(1);
      flip(offset);
      assertThatThrownBy(() -> session.fetch(run, new Target()))
          .as("byte %d", offset)
          .isInstanceOf(SpillDamageException.class);
      session.release(run);
    }
  }

  @Test
  void aSlotOfAnEarlierRoundIsNotTakenForANewOne() throws IOException {
    SpilledRun first = spill(1);
    ByteBuffer old = ByteBuffer.allocate(SLOT_BYTES);
    doors.first().read(old, 0);
    session.release(first);
    SpilledRun second = spill(1);
    doors.first().write(old.rewind(), 0);
    assertThatThrownBy(() -> session.fetch(second, new Target()))
        .isInstanceOf(SpillDamageException.class)
        .hasMessageContaining("generation");
  }

  @Test
  void aTruncatedFileIsAnErrorWithAdvice() throws IOException {
    SpilledRun run = spill(3);
    doors.first().truncate(0);
    assertThatThrownBy(() -> session.fetch(run, new Target()))
        .isInstanceOf(SpillDamageException.class)
        .hasMessageContaining("missing");
  }

  /** Found by {@link SegmentFileFuzzTest}: the pages of all three are brought in at once. */
  @Test
  void anEntryBeforeAMissingPageComesBack() throws IOException {
    SpilledRun run = spill(3);
    doors.first().truncate(SLOT_BYTES);
    Target target = new Target();
    assertThatThrownBy(() -> session.fetch(run, target))
        .isInstanceOfSatisfying(
            SpillDamageException.class, damage -> assertThat(damage.sequence()).isEqualTo(101));
    assertThat(target.entries).hasSize(1);
    assertThat(target.entries.getFirst()).hasSize(ENTRY_BYTES).containsOnly(1);
  }

  @Test
  void aTruncatedFileIsAnErrorWithoutAdvice() throws IOException {
    session.close();
    files.close();
    doors.close();
    doors = new BackDoors(SystemCalls.NONE);
    open();
    try (Arena own = Arena.ofConfined()) {
      MemorySegment frame = own.allocate(SLOT_BYTES, 64);
      SpilledRun run = session.spill(SpillBatch.framed(0, frame, new long[] {ENTRY_BYTES}, 1));
      doors.first().truncate(0);
      MemorySegment memory = own.allocate(ENTRY_BYTES);
      FetchTarget target =
          new FetchTarget() {
            @Override
            public MemorySegment next(long byteSize) {
              return memory;
            }

            @Override
            public void commit() {
              throw new AssertionError("nothing to commit");
            }
          };
      assertThatThrownBy(() -> session.fetch(run, target))
          .isInstanceOf(SpillDamageException.class)
          .hasMessageContaining("missing");
    }
  }
}
